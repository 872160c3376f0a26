package dev.lanewise.kernels.transposed;

/**
 * Neighbouring output rows of one plane, whose input stays in the second-level cache while all
 * output channels are computed from it.
 *
 * @param firstPiece first piece of the image that belongs to the band
 * @param endPiece one past its last piece
 * @param plane the output plane
 * @param firstRow first output row within that plane
 * @param endRow one past the last
 */
record RowBand(int firstPiece, int endPiece, int plane, int firstRow, int endRow) {

  int pieces() {
    return endPiece - firstPiece;
  }

  int rows() {
    return endRow - firstRow;
  }
}
