/**
 * Definitions written out: convolution, its gradients, pooling, activations and matrix products as
 * plain loops in double precision.
 *
 * <p>What may enter: the most obvious code for a definition. Nothing here calls {@code kernels},
 * apart from the records that describe a shape, and nothing here is made faster at the price of
 * being plain.
 */
package dev.lanewise.verify.reference;
