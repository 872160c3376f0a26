/**
 * Depthwise-separable convolution: a depthwise and a pointwise convolution as one call.
 *
 * <p>What may enter: what keeps the rows between the two in the caches. The two convolutions
 * themselves live in packages of their own.
 */
package dev.lanewise.kernels.separable;
