/**
 * The training loop.
 *
 * <p>What may enter: how epochs, steps, schedules, stops and checkpoints follow each other. The
 * arithmetic belongs in {@code op}, {@code loss} and {@code optim}.
 */
package dev.lanewise.nn.train;
