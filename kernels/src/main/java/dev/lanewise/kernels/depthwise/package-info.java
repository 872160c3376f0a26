/**
 * Depthwise convolution: every channel has filters of its own, and no channel sees another.
 *
 * <p>Sums are direct, or, where a 3 x 3 kernel of stride 1 need not be summed plainly, two
 * neighbouring outputs of a row at a time by F(2,3) ({@code DepthwisePairs}). Of a pair 12 instead
 * of 18 multiply-adds remain, and the transforms' additions run on other units: on Zen 4, 7.0
 * cycles an output against 9.4 in the first-level cache, 8.2 against 9.9 in the second (14 x 14
 * pixels), 10.1 against 10.9 in the third, where reading and writing alone take 5 to 6. Those of a
 * 5 x 5 kernel are summed so by F(2,3) and F(2,2) together ({@code DepthwiseRowPairs}): 35 instead
 * of 50 multiply-adds, 21 cycles an output against 25 at 28 x 28 pixels. Narrower planes leave
 * tiles of two pairs, which gain nothing.
 *
 * <p>The gradient by filter serves narrow groups as well: a block of 16 lanes holds several of
 * them, and what its lanes see as the first channel of their groups, the second and so on is each a
 * depthwise convolution, once the input's lanes are permuted. Of 32 groups of 4 channels at 56 x 56
 * pixels it takes 0.38 ms, by columns 2.8 and by blocks of 16 channels, three quarters of them
 * strangers, 1.04. A quarter of the time is the permutation, in bands of 128 KB; smaller ones
 * repeat more rows, and 16 KB take 1.8 times as long. Chains of single taps, where a kernel has no
 * literal form, reach a fifth of the peak: groups of 4 and 8 channels are then left to blocks.
 *
 * <p>What may enter: the forward pass, its gradients, and the choice among the micro-kernels that
 * {@code DepthwiseGenerator} and its neighbours write at build time. What fuses a depthwise
 * convolution with its neighbours is a package of its own.
 */
package dev.lanewise.kernels.depthwise;
