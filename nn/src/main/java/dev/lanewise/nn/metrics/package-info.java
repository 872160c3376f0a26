/**
 * How well a network does.
 *
 * <p>What may enter: counts of right and wrong answers, what is computed from them, and the loop
 * that collects them.
 */
package dev.lanewise.nn.metrics;
