/**
 * Convolution in narrow channel groups, such as the 32 groups of 4 of ResNeXt.
 *
 * <p>What may enter: how the lanes of a block see the channels of their own group. Rows, bands and
 * strips are those of {@code direct}; groups whose channels fill blocks of 16 are its business too.
 * The gradient by filter is as many depthwise ones as a group has channels, and lives there.
 *
 * <p>Every kernel row permutes its input anew. To permute a row once for all of them, in place of
 * the copy that pads it, does not pay: of 32 groups of 4 channels at 56 x 56 pixels a strip of 14
 * pixels takes 194 ns; without permutations it takes 171, but writing the strip's part of four
 * permuted rows takes 54 instead of 18 for one, and 3 rows of them no longer fit into a first-level
 * cache of 32 KB.
 */
package dev.lanewise.kernels.grouped;
