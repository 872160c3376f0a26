/**
 * Winograd's minimal filtering: fewer products for 3x3, 5x5 and 1-D kernels of stride 1, between
 * linear transforms of input, filter and output.
 *
 * <p>F(m, r) makes m outputs of an axis with r taps from m + r - 1 products; F(4x4, 3x3) needs 36
 * products for 16 outputs where the definition needs 144. The products are sums over input channels
 * and run on the batch-reduce kernel. Lavin and Gray, "Fast algorithms for convolutional neural
 * networks", 2016.
 *
 * <p>What may enter: the transforms, their tiles, and the loops around the batch-reduce kernel. The
 * matrices and the straight-line code of the data transforms come from {@code WinogradGenerator} at
 * build time, derived in exact rational arithmetic.
 */
package dev.lanewise.kernels.winograd;
