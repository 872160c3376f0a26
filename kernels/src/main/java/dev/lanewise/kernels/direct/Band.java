package dev.lanewise.kernels.direct;

/**
 * Neighbouring strips of an image whose input stays in the second-level cache while all output
 * channels are computed from it.
 *
 * @param firstStrip first strip of the image that belongs to the band
 * @param endStrip one past its last strip
 * @param outDepth the output plane in which the band lies
 * @param firstRow first output row within that plane
 * @param endRow one past its last output row
 */
record Band(int firstStrip, int endStrip, int outDepth, int firstRow, int endRow) {

  int strips() {
    return endStrip - firstStrip;
  }
}
