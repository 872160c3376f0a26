/**
 * How fast each generated micro-kernel runs, against a model of its tile.
 *
 * <p>What may enter: measurements of generated methods alone; whole layers belong to the
 * benchmarks.
 */
package dev.lanewise.verify.kernel;
