package dev.lanewise.kernels.depthwise;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a kernel row of a depthwise convolution costs for all columns, in vector multiply-adds of 16
 * lanes.
 *
 * <p>A plan cannot know whether pixels will lie at cache lines, as {@link
 * dev.lanewise.kernels.layout.Slice#allocate} places them, or across two, as a Java array's do; the
 * latter costs pairs more, which load more. Costs of pairs are between both. Times over those of
 * direct sums, at lines and across, one Zen 4 core:
 *
 * <pre>
 * 3 x 3                           5 x 5
 * 512 channels of 14 x 14     0.80  0.96    240 channels of 28 x 28     0.86  1.01
 *  64             28 x 28     0.73  0.91     96            112 x 112    0.83  0.91
 * 256             28 x 28     0.87  1.04    128             32 x 32     0.85  1.04
 *  32            112 x 112    0.90  1.09    672             14 x 14     1.03  1.17
 * 128             32 x 32     0.89  1.16
 * 512             32 x 32     0.96  1.20
 *  32             64 x 64     0.96  1.36
 *  64            128 x 128    1.09  1.45
 * 960              7 x 7      1.00  1.06
 * </pre>
 */
final class DepthwiseCost {

  /**
   * Columns of the widest tile of a row on 16 lanes. Costs are those of this width on every
   * machine: plans that are chosen by them must be the same everywhere.
   */
  private static final int COLUMNS = 14;

  /** Pairs of the widest tile of a row on 16 lanes. */
  private static final int PAIRS = 3;

  /** Cycles of a load that crosses a cache line, as loads of a Java array do. */
  private static final double LOAD = 3.5;

  /** Of a sum of 3 x 3 taps, of which the filter is in registers. */
  private static final double WALKED = 1.15;

  /** Of a product of a pair, beside the loads and the transforms. */
  private static final double PAIR = 1.4;

  /** The same where an image comes from beyond the second-level cache. */
  private static final double FAR_PAIR = 1.6;

  /**
   * The same where rows are a multiple of {@link #COLLIDING}: what neighbouring pairs both read has
   * left the first-level cache in between.
   */
  private static final double COLLIDING_PAIR = 1.85;

  /**
   * Floats of half a way of a first-level cache, 2 KiB: rows that are a multiple of it meet in two
   * sets at most.
   */
  private static final int COLLIDING = (2 << 10) / Float.BYTES;

  /** Of the last column of an odd width, in products of a pair. */
  private static final int SINGLE_PRODUCTS = 6;

  /** Of a kernel row of a tile of three pairs of a 5 x 5 kernel. */
  private static final double ROW_TILE = 29;

  /** Of a tile of fewer pairs. */
  private static final double NARROW_ROW_TILE = 38;

  /** Floats of input and output that a second-level cache of 1 MiB holds. */
  private static final int NEAR = 1 << 18;

  private DepthwiseCost() {}

  /** Of columns that are summed each by itself. */
  static double ofColumns(Geometry geometry) {
    return sum(ColumnRun.tiles(geometry.width(), COLUMNS), run -> ofColumns(geometry, run));
  }

  private static double ofColumns(Geometry geometry, ColumnRun run) {
    double products = run.taps();
    if (geometry.walkable()) {
      return WALKED * products;
    }
    double loads =
        run.literal()
            ? run.tiles() * ((run.columns() - 1.0) * run.stride() + 2 * geometry.width().kernel())
            : products;
    return Math.max(products, LOAD * loads);
  }

  /** Of {@link DepthwisePairs}. */
  static double ofPairs(Geometry geometry) {
    double product = product(geometry);
    return sum(
        ColumnRun.pairs(geometry.width()),
        run ->
            product
                * run.tiles()
                * (run.columns() == 1 ? SINGLE_PRODUCTS : DepthwisePairs.products(2)));
  }

  private static double product(Geometry geometry) {
    if (geometry.inRow() % COLLIDING == 0) {
      return COLLIDING_PAIR;
    }
    long floats = (long) geometry.blocks() * (geometry.inPlane() + geometry.outPlane());
    return floats <= NEAR ? PAIR : FAR_PAIR;
  }

  /** Of {@link DepthwiseRowPairs}. */
  static double ofRowPairs(Geometry geometry) {
    return sum(
        ColumnRun.tilesOfPairs(geometry.width(), PAIRS),
        run -> run.tiles() * (run.columns() == 2 * PAIRS ? ROW_TILE : NARROW_ROW_TILE));
  }

  private static double sum(List<ColumnRun> runs, ToDoubleFunction<ColumnRun> cost) {
    return runs.stream().mapToDouble(cost).sum();
  }
}
