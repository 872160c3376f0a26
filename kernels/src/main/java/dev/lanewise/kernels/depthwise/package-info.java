/**
 * Depthwise convolution: every channel has filters of its own, and no channel sees another.
 *
 * <p>What may enter: the forward pass, its gradients, and the choice among the micro-kernels that
 * {@code DepthwiseGenerator} writes at build time. What fuses a depthwise convolution with its
 * neighbours is a package of its own.
 */
package dev.lanewise.kernels.depthwise;
