/**
 * Winograd's minimal filtering: fewer products for 3x3, 5x5 and 1-D kernels of stride 1, and for
 * 3x3 kernels of stride 2, between linear transforms of input, filter and output. Larger kernels
 * with strides, such as stems, become kernels of stride 1 over the phases of their input.
 *
 * <p>F(m, r) makes m outputs of an axis with r taps from m + r - 1 products; F(4x4, 3x3) needs 36
 * products for 16 outputs where the definition needs 144. The products are sums over input channels
 * and run on the batch-reduce kernel. Lavin and Gray, "Fast algorithms for convolutional neural
 * networks", 2016.
 *
 * <p>The last tiles of an axis are fitted: one of m - 1 outputs wants no product at infinity, which
 * only the last of m outputs takes. 7x7 outputs of F(4x4, 3x3) are 121 products instead of 144,
 * 14x14 ones 484 instead of 576. For 512 channels of 7x7 pixels F(4x2, 3x3), 165 products instead
 * of 192 and two thirds of the filter, is the fastest.
 *
 * <p>Rounding: root mean square error against double, relative to the outputs, and in parentheses
 * as a multiple of direct summation's; standard normal data, fused multiply-adds:
 *
 * <pre>
 * channels      16             64             256            1024           2048
 * F(2, 3)  1.5e-7 (0.69)  2.6e-7 (0.61)  4.9e-7 (0.56)  9.8e-7 (0.58)  1.4e-6 (0.57)
 * F(4, 3)  6.0e-7 (2.7)   1.0e-6 (2.4)   2.1e-6 (2.4)   4.0e-6 (2.4)   5.4e-6 (2.3)
 * F(4x2)   3.0e-7 (1.4)   5.1e-7 (1.2)   1.1e-6 (1.2)   2.0e-6 (1.2)   2.8e-6 (1.2)
 * F(6, 3)  2.0e-6 (9.0)   3.4e-6 (8.0)   5.9e-6 (6.8)   1.3e-5 (7.5)   1.6e-5 (6.9)
 * F(2, 5)  7.3e-7 (2.2)   1.2e-6 (1.7)   2.3e-6 (1.6)   4.3e-6 (1.4)   6.0e-6 (1.4)
 * F(4, 5)  1.9e-6 (5.6)   2.6e-6 (3.8)   5.7e-6 (3.9)   1.1e-5 (3.6)   1.5e-5 (3.6)
 * </pre>
 *
 * <p>3x3 kernels at stride 2 have 1.0 to 1.2 times direct summation's, 5x5 and 7x7 ones by phases 3
 * and 5 to 6 times: F(4, 3) and F(5, 4) on four times the channels. The largest errors are 5 to 10
 * times these, as direct summation's are. Of gradients by filter, which sum over the tiles of a
 * plane:
 *
 * <pre>
 * plane         7x7           14x14         28x28         56x56         112x112
 * F(2, 3)  1.6e-7 (1.3)  2.4e-7 (1.0)  4.4e-7 (0.9)  8.1e-7 (0.8)  1.7e-6 (0.9)
 * F(4, 3)  4.6e-7 (3.9)  6.4e-7 (2.6)  9.5e-7 (2.0)  1.8e-6 (1.8)  3.4e-6 (1.8)
 * </pre>
 *
 * <p>What may enter: the transforms, their tiles, and the loops around the batch-reduce kernel. The
 * matrices and the straight-line code of the data transforms come from {@code WinogradGenerator} at
 * build time, derived in exact rational arithmetic.
 */
package dev.lanewise.kernels.winograd;
