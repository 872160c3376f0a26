/**
 * Transposed convolution, which is also the gradient of a convolution by its input.
 *
 * <p>Output positions whose distance is the stride see the same taps: each such phase is a dense
 * convolution of stride 1 with the taps of its own, and writes its pixels a stride apart. No zeros
 * are inserted. With stride 1 there is one phase, and a {@link dev.lanewise.kernels.plan.ConvPlan}
 * of the mirrored filter computes it by the best algorithm.
 *
 * <p>What may enter: phases of taps, and the plan that drives them.
 */
package dev.lanewise.kernels.transposed;
