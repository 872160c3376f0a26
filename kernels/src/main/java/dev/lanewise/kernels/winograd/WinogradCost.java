package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.simd.BatchReduce;

/**
 * Estimated work, in vector multiply-adds of 16 lanes: transforms, products and what the filter's
 * way from the third-level cache adds.
 */
final class WinogradCost {

  /** A load, a store and their share of the sums of a transform. */
  private static final double ELEMENT = 3;

  /** Sixteen floats of the filter from beyond the second-level cache, as far as they are felt. */
  private static final double FILTER_LINE = 2;

  /** Filters that stay in the second-level cache beside the tiles. */
  private static final long CACHE_FLOATS = (512 << 10) / Float.BYTES;

  private final Tiling tiling;
  private final BatchReduce kernel;
  private final double inputTile;
  private final double outputTile;

  WinogradCost(Tiling tiling, BatchReduce kernel) {
    this.tiling = tiling;
    this.kernel = kernel;
    AxisTransform height = tiling.height.transform;
    AxisTransform width = tiling.width.transform;
    int passes = (height.isTrivial() ? 0 : 1) + (width.isTrivial() ? 0 : 1);
    inputTile = ELEMENT * passes * tiling.products;
    outputTile = ELEMENT * (tiling.products + (passes - 1) * height.outputs() * width.products());
  }

  /** Work of a block of tiles and the output pairs {@code firstPair} to {@code endPair}. */
  double block(int tiles, int firstPair, int endPair) {
    int strips = Math.ceilDiv(tiles, kernel.maxPixels());
    double products = 0;
    for (int strip = 0; strip < strips; strip++) {
      int pixels = Workers.start(tiles, strip + 1, strips) - Workers.start(tiles, strip, strips);
      for (int pair = firstPair; pair < endPair; pair++) {
        int blocks = Math.min(2, tiling.outBlocks - 2 * pair);
        products += kernel.cost(blocks, pixels, tiling.terms);
      }
    }
    int outBlocks = Math.min(2 * endPair, tiling.outBlocks) - 2 * firstPair;
    double filterFloats =
        (double) tiling.products * tiling.terms * outBlocks * Tiling.BLOCK * Tiling.BLOCK;
    double filter = filterFloats > CACHE_FLOATS ? filterFloats / Tiling.BLOCK * FILTER_LINE : 0;
    return tiles * (tiling.terms * inputTile + outBlocks * outputTile)
        + tiling.products * products
        + filter;
  }
}
