/**
 * Convolution in narrow channel groups, such as the 32 groups of 4 of ResNeXt.
 *
 * <p>What may enter: how the lanes of a block see the channels of their own group. Rows, bands and
 * strips are those of {@code direct}; groups whose channels fill blocks of 16 are its business too.
 * The gradient by filter is as many depthwise ones as a group has channels, and lives there.
 */
package dev.lanewise.kernels.grouped;
