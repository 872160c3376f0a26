package dev.lanewise.kernels.separable;

import dev.lanewise.kernels.depthwise.DepthwisePixels;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Check;

/**
 * What lies between the two convolutions at a time: a band of neighbouring pixels of all channels,
 * {@code [channel block][pixel][16]}.
 *
 * @param rows output rows of a band where whole rows fit, or 0 where a band is a piece of a row
 * @param pixels most pixels that are asked for at a time
 * @param plane floats from one channel block to the next
 * @param floats floats of all blocks
 */
record Middle(DepthwisePixels depthwise, int rows, int pixels, int plane, int floats) {

  private static final int BLOCK = Layout.BLOCK;

  /** Lines of a page of 4 KiB, after which cache lines of a first-level cache meet again. */
  private static final int LINES = 64;

  /** Lines by which neighbouring blocks lie apart in a page: a strip, so that none meet there. */
  private static final int STRIP = 14;

  /**
   * The largest bands that keep a limit, or else of one tile.
   *
   * @param blocks channel blocks between the two convolutions
   * @param limit floats that a band should not exceed
   * @throws IllegalArgumentException if a band exceeds 2^31 - 1 floats
   */
  static Middle of(DepthwisePixels depthwise, int blocks, long limit) {
    int width = depthwise.width();
    int most = (int) Math.min(limit / BLOCK / blocks, Integer.MAX_VALUE);
    int rows = Math.min(most / width, depthwise.rows());
    int tile = depthwise.widestTile();
    int pixels = rows > 0 ? rows * width : Math.max(tile, most - 2 * tile);
    // A piece of a row may begin and end within tiles, which are computed whole.
    int computed = rows > 0 ? pixels : Math.min(width, pixels + 2 * tile);
    int apart = computed + Math.floorMod(STRIP - computed, LINES);
    int plane = Check.elements("band of a block", apart, BLOCK);
    return new Middle(
        depthwise, rows, pixels, plane, Check.elements("band between", plane, blocks));
  }

  /**
   * Where the band that begins with a pixel ends, in a run of pixels that ends with {@code end}.
   */
  int end(int pixel, int end) {
    int width = depthwise.width();
    int row = pixel / width;
    if (rows > 0) {
      int left = (end - 1) / width + 1 - row;
      int even = Math.ceilDiv(left, Math.ceilDiv(left, rows));
      return Math.min(end, (row + even) * width);
    }
    int rowEnd = Math.min(end, (row + 1) * width);
    if (rowEnd - pixel <= pixels) {
      return rowEnd;
    }
    return depthwise.begin(pixel + pixels);
  }
}
