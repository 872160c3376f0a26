/**
 * Pooling, forward and backward, over NCHW16C activations.
 *
 * <p>What may enter: reductions over windows of each channel on its own.
 */
package dev.lanewise.kernels.pool;
