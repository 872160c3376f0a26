package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.simd.BatchReduce;

/**
 * Estimated work, in vector multiply-adds of 16 lanes: transforms, products, and the waiting for
 * operands from beyond the second-level cache.
 *
 * <p>The constants were measured on a Zen 4 core, where a 512-bit store takes two cycles.
 */
final class WinogradCost {

  /** A vector in one pass of the input transform: load, sums, store. */
  private static final double INPUT_ELEMENT = 8;

  /** A vector in one pass of the output transform. */
  private static final double OUTPUT_ELEMENT = 6;

  /** What a vector of input or sums costs more where a block is larger than the cache. */
  private static final double SPILLED = 10;

  /** What it costs more where one worker writes what another reads. */
  private static final double APART = 5;

  /** Sixteen floats of the filter from the third-level cache. */
  private static final double FILTER_LINE = 2;

  /** Sixteen floats of the filter from memory. */
  private static final double FILTER_LINE_FROM_MEMORY = 3.5;

  /**
   * What tiles of F(4x2, 3x3) cost beside those of F(4x4, 3x3) with a filter in the second-level
   * cache, where the latter's short strips cost less than estimated.
   */
  private static final double OBLONG = 1.1;

  private final Tiling tiling;
  private final double inputTile;
  private final double outputTile;
  private final double filterLine;
  private final boolean oblong;

  /** What a tile costs more where one worker writes what another reads. */
  private final double apart;

  /**
   * Of some tiles.
   *
   * @param gathered work to gather what a tile of a term reads, before its transform
   */
  WinogradCost(Tiling tiling, double gathered) {
    this.tiling = tiling;
    AxisTransform height = tiling.height.transform;
    AxisTransform width = tiling.width.transform;
    oblong = height.taps() == width.taps() && height.outputs() != width.outputs();
    int passes = (height.isTrivial() ? 0 : 1) + (width.isTrivial() ? 0 : 1);
    int half = (passes - 1) * height.outputs() * width.products();
    long blockFloats = TileBlocks.tileFloats(tiling) * TileBlocks.tiles(tiling);
    double spilled = blockFloats > 2 * TileBlocks.SECOND_LEVEL_FLOATS ? SPILLED : 0;
    apart = tiling.products * Math.max(0, APART - spilled);
    inputTile = gathered + tiling.products * (INPUT_ELEMENT * passes + spilled);
    outputTile = OUTPUT_ELEMENT * (tiling.products + half) + tiling.products * spilled;
    filterLine =
        FilterTransform.floats(tiling) > TileBlocks.THIRD_LEVEL_FLOATS
            ? FILTER_LINE_FROM_MEMORY
            : FILTER_LINE;
  }

  /** Work of the spans {@code from} to {@code to} and of some pairs of output blocks. */
  double block(int from, int to, int firstPair, int endPair) {
    int outBlocks = Math.min(2 * endPair, tiling.outBlocks) - 2 * firstPair;
    double products = 0;
    for (int kind = 0; kind < TileOrder.KINDS; kind++) {
      if (tiling.order.products(kind) > 0) {
        int tiles = tiling.order.tiles(kind, from, to);
        products += tiling.order.products(kind) * sum(outBlocks, tiles);
      }
    }
    double filterFloats =
        (double) tiling.products * tiling.terms * outBlocks * Tiling.BLOCK * Tiling.BLOCK;
    double filter =
        filterFloats > TileBlocks.SECOND_LEVEL_FLOATS
            ? filterFloats / Tiling.BLOCK * filterLine
            : 0;
    double transforms = tiling.terms * inputTile + outBlocks * outputTile;
    double work = tiling.tiles(from, to) * transforms + products + filter;
    return oblong && filter == 0 ? OBLONG * work : work;
  }

  /** Work of one product of some tiles and blocks of output channels. */
  private double sum(int outBlocks, int tiles) {
    int pairs = outBlocks / 2;
    return pairs * BatchReduce.cost(2, tiles, tiling.terms)
        + outBlocks % 2 * BatchReduce.cost(1, tiles, tiling.terms);
  }

  /** Work of transforming so many windows of 16 channels into memory that others read. */
  double apartInput(long windows) {
    return windows * (inputTile + apart);
  }

  /** Work of one product of some tiles and one or two output blocks, apart from transforms. */
  double product(int blocks, int tiles) {
    double filterFloats = (double) tiling.terms * blocks * Tiling.BLOCK * Tiling.BLOCK;
    return sum(blocks, tiles) + filterFloats / Tiling.BLOCK * filterLine;
  }

  /** Work of transforming so many tiles of 16 output channels whose sums others wrote. */
  double apartOutput(long sums) {
    return sums * (outputTile + apart);
  }
}
