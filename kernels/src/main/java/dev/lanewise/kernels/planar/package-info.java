/**
 * Convolutions of a few output channels, computed on planes: a vector holds neighbouring pixels of
 * one channel, where blocks of 16 channels would be mostly padding.
 *
 * <p>What may enter: problems whose input is planar data, as a network's first layer has it.
 */
package dev.lanewise.kernels.planar;
