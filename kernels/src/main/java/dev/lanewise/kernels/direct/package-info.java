/**
 * Direct convolution: loops around the batch-reduce kernel over NCHW16c activations.
 *
 * <p>What may enter: tap tables, strips and bands of rows. A kind of convolution that is only
 * another tap table (dilated, pointwise, stem, 1-D, 3-D) is built here and needs no package of its
 * own.
 */
package dev.lanewise.kernels.direct;
