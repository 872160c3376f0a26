/**
 * The classical filters of image processing, as kernels that are ready to be convolved with.
 *
 * <p>What may enter: fixed kernels. They run on the same plans as any other convolution.
 */
package dev.lanewise.kernels.filters;
