package dev.lanewise.kernels.direct;

/**
 * Neighbouring output pixels of an image whose input stays in the second-level cache while all
 * output channels are computed from it.
 *
 * @param outDepth the output plane in which the band lies
 * @param firstRow first output row within that plane
 * @param endRow one past its last output row
 * @param firstPixel first pixel of the image, counted through rows and planes
 * @param pixels how many
 */
public record Band(int outDepth, int firstRow, int endRow, int firstPixel, int pixels) {}
