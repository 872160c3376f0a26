/**
 * Activation functions, applied in place on lanes, and their derivatives.
 *
 * <p>What may enter: functions of a single value. Each has one sequence of operations that the
 * vector loop and the scalar fallback share, so that a result has the same bits on every lane
 * width.
 */
package dev.lanewise.kernels.activation;
