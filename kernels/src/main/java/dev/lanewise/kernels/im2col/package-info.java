/**
 * Convolution as a matrix product: the windows of the input are laid out as rows of a matrix.
 *
 * <p>What may enter: the forward and backward passes by this method, for any shape. The matrix is
 * never built whole, only blocks of it that stay in the second-level cache.
 */
package dev.lanewise.kernels.im2col;
