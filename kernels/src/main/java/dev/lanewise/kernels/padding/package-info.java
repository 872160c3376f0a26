/**
 * Padding made part of a tensor: the halo that convolutions with other padding than zeros read, and
 * its gradient.
 *
 * <p>What may enter: copies of NCHW16C tensors to larger ones and sums back. What each mode means
 * is said by {@link dev.lanewise.kernels.shape.PaddingMode}.
 */
package dev.lanewise.kernels.padding;
