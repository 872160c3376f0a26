/**
 * Shapes of convolution and pooling problems: immutable values that own the output arithmetic, the
 * counts of work, their one-line text form and all validation of shapes.
 *
 * <p>What may enter: values that describe a problem. Nothing here touches activations or filters.
 */
package dev.lanewise.kernels.shape;
