package dev.lanewise.kernels.plan;

/**
 * An algorithm that a plan considered.
 *
 * @param algorithm its name
 * @param score what the candidates were ranked by, the least being the best: the cost model's
 *     estimate of the slowest worker's time, in vector multiply-adds of 16 lanes, or with {@link
 *     ConvOptions#race} measured milliseconds
 */
public record Considered(Algorithm algorithm, double score) {}
