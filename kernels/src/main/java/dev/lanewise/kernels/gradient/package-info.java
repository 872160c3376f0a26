/**
 * The backward pass of a convolution: gradients by data, by filter and by bias.
 *
 * <p>What may enter: the choice of the algorithm for each direction and for each kind of shape, and
 * the sums over pixels that only the backward pass has. The gradient by data is a transposed
 * convolution and lives in {@code transposed}.
 */
package dev.lanewise.kernels.gradient;
