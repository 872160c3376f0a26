package dev.lanewise.kernels.depthwise;

import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.kernels.simd.Taps;
import dev.lanewise.kernels.simd.WarmUp;
import java.util.Arrays;
import java.util.List;

/** The loops over rows and tiles of one channel block of a depthwise convolution. */
final class DepthwiseRows {

  /**
   * An eighth of a second-level cache of 1 MiB: a band's output is finished while it lies there.
   */
  private static final int BAND_FLOATS = (128 << 10) / Float.BYTES;

  /** Output rows at either border of a plane that a warm-up computes. */
  private static final int WARM_ROWS = 4;

  private final Geometry geometry;
  private final DepthwiseKernel kernel = DepthwiseKernel.get();

  /** Sums two columns together, or null where each is summed by itself, or row by row. */
  private final DepthwisePairs pairs;

  /** Sums two columns together row by row, or null. */
  private final DepthwiseRowPairs rowPairs;

  private final boolean walkable;
  private final List<ColumnRun> runs;
  private final Taps[] kernelRows;

  /** Kernel rows of all output rows before each. */
  private final int[] kernelRowsBefore;

  /** Estimated work of one kernel row and all columns. */
  private final double kernelRowCost;

  /** For each row one past the last of the rows that one call can compute from it on. */
  private final int[] endOfCall;

  /** For each row whether that call walks. */
  private final boolean[] walks;

  /** For each row whether its first, and its last, kernel row is padding. */
  private final boolean[] top;

  private final boolean[] bottom;

  /** For each row where its kernel row 0 lies in the input block. */
  private final int[] origins;

  /** For each row one past the last of its band. */
  private final int[] endOfBand;

  private final int bandRows;
  private final Expansion expansion;
  private final int expandedFloats;

  /**
   * Prepares the tables.
   *
   * @param paired whether neighbouring outputs are summed together, as {@link DepthwisePairs} can
   *     where {@link Geometry#pairable} says so
   * @throws IllegalArgumentException if an expanded band would exceed 2^31 - 1 floats
   */
  DepthwiseRows(Geometry geometry, boolean paired) {
    this.geometry = geometry;
    Axis width = geometry.width();
    walkable = geometry.walkable();
    pairs = paired && walkable ? DepthwisePairs.get() : null;
    rowPairs = paired && !walkable ? DepthwiseRowPairs.get() : null;
    runs = runs(width);
    kernelRowCost = costOfKernelRow();
    kernelRows = KernelRows.of(geometry);
    kernelRowsBefore = new int[kernelRows.length + 1];
    for (int row = 0; row < kernelRows.length; row++) {
      kernelRowsBefore[row + 1] = kernelRowsBefore[row] + kernelRows[row].count();
    }
    bandRows = Math.clamp(BAND_FLOATS / geometry.outRow(), 1, geometry.height().output());
    int rows = geometry.rows();
    origins = new int[rows];
    endOfBand = new int[rows];
    top = new boolean[rows];
    bottom = new boolean[rows];
    endOfCall = new int[rows];
    walks = new boolean[rows];
    tabulate();
    expansion = geometry.multiplier() == 1 ? null : Expansion.of(geometry.groups());
    expandedFloats = expansion == null ? 0 : mostExpanded();
  }

  private List<ColumnRun> runs(Axis width) {
    if (pairs != null) {
      return ColumnRun.pairs(width);
    }
    if (rowPairs != null) {
      return ColumnRun.tilesOfPairs(width, rowPairs.mostPairs());
    }
    return ColumnRun.tiles(
        width, walkable ? kernel.walkColumns(width.stride()) : kernel.rowColumns());
  }

  private double costOfKernelRow() {
    if (pairs != null) {
      return DepthwiseCost.ofPairs(geometry);
    }
    return rowPairs != null
        ? DepthwiseCost.ofRowPairs(geometry)
        : DepthwiseCost.ofColumns(geometry);
  }

  private int mostExpanded() {
    int most = 0;
    for (int row = 0, next; row < geometry.rows(); row = next) {
      next = endOfBand(row);
      most = Math.max(most, endInRow(row, next) - firstInRow(row));
    }
    return Check.elements("expanded band", most, geometry.width().input(), Geometry.BLOCK);
  }

  /** Fills the tables of rows: the divisions behind them would cost as much as a short row. */
  private void tabulate() {
    int perPlane = geometry.height().output();
    int bands = Math.ceilDiv(perPlane, bandRows);
    for (int plane = 0; plane < origins.length; plane += perPlane) {
      for (int band = 0; band < bands; band++) {
        int end = plane + Workers.start(perPlane, band + 1, bands);
        Arrays.fill(endOfBand, plane + Workers.start(perPlane, band, bands), end, end);
      }
      for (int row = perPlane - 1; row >= 0; row--) {
        origins[plane + row] = geometry.rowOrigin(plane + row);
        top[plane + row] = geometry.height().firstTap(row) > 0;
        bottom[plane + row] = geometry.height().endTap(row) < geometry.height().kernel();
        walks[plane + row] = walkable && beginsWalk(row);
        endOfCall[plane + row] = row + 1 == perPlane ? plane + perPlane : endOfCall(plane, row);
      }
    }
  }

  /** Whether a row of a plane may be the first of a walk. */
  private boolean beginsWalk(int row) {
    Axis height = geometry.height();
    return height.firstTap(row) <= 1 && height.endTap(row) == 3;
  }

  /** As the table, which is known of the rows after it; not for the last row of a plane. */
  private int endOfCall(int plane, int row) {
    int next = plane + row + 1;
    if (pairs != null) {
      return endOfCall[next];
    }
    if (!walks[next - 1]) {
      boolean same = !walks[next] && kernelRows[next] == kernelRows[next - 1];
      return same ? endOfCall[next] : next;
    }
    if (top[next]) {
      return next;
    }
    if (walks[next]) {
      return endOfCall[next];
    }
    return geometry.height().endTap(row + 1) == 2 ? next + 1 : next;
  }

  /** Tiles of a row. */
  int tiles() {
    return runs.getLast().endTile();
  }

  int widestTile() {
    return runs.stream().mapToInt(ColumnRun::columns).max().orElseThrow();
  }

  int bandRows() {
    return bandRows;
  }

  int expandedFloats() {
    return expandedFloats;
  }

  /** One past the last row of the band in which a row lies; a band lies within one plane. */
  int endOfBand(int row) {
    return endOfBand[row];
  }

  /** First column of a tile; of one past the last tile, the width. */
  int firstColumn(int tile) {
    // By index: an iterator is an allocation wherever C2 does not see through it.
    for (int i = 0; i < runs.size(); i++) {
      ColumnRun run = runs.get(i);
      if (tile < run.endTile()) {
        return run.out() / Geometry.BLOCK + (tile - run.firstTile()) * run.columns();
      }
    }
    return geometry.width().output();
  }

  /** Where the packed filter of the first block begins: at a cache line where it is read often. */
  int filterStart() {
    return rowPairs == null ? 0 : Slice.TO_LINE;
  }

  /** Floats of the packed filter of a block. */
  int filterFloats() {
    if (pairs != null) {
      return DepthwisePairs.filterFloats();
    }
    return rowPairs != null
        ? DepthwiseRowPairs.filterFloats()
        : geometry.shape().kernelTaps() * Geometry.BLOCK;
  }

  /** Lays the filter of one channel out, in the channel's lane from {@code to} on. */
  void pack(float[] filter, int channel, float[] packed, int to) {
    int taps = geometry.shape().kernelTaps();
    if (pairs != null) {
      DepthwisePairs.transform(filter, channel * taps, packed, to);
      return;
    }
    if (rowPairs != null) {
      DepthwiseRowPairs.transform(filter, channel * taps, packed, to);
      return;
    }
    for (int t = 0; t < taps; t++) {
      packed[to + t * Geometry.BLOCK] = filter[channel * taps + t];
    }
  }

  /** How rows are computed, for explanations. */
  String method() {
    if (pairs != null) {
      return "in pairs by F(2,3), walked down with the transformed filter in registers";
    }
    if (rowPairs != null) {
      return "in pairs by F(2,3) and F(2,2), row by row";
    }
    if (walkable) {
      return "walked down with the filter in registers";
    }
    return runs.getFirst().literal() ? "row by row" : "tap by tap";
  }

  /**
   * Computes rows of one plane of a block, tiles {@code firstTile} to {@code endTile} of each.
   *
   * @param inBlock where the block's input channels begin in {@code in}
   * @param biasBase where the block's bias begins in {@code bias}
   * @param outBase where the first of the rows goes in {@code out}
   */
  void run(
      int block,
      int row,
      int endRow,
      int firstTile,
      int endTile,
      float[] in,
      int inBlock,
      float[] expanded,
      float[] filter,
      float[] bias,
      int biasBase,
      float[] out,
      int outBase) {
    float[] source = in;
    int sourceBase = inBlock;
    if (expansion != null) {
      int from = firstInRow(row);
      int end = endInRow(row, endRow);
      int pixels = (end - from) * geometry.width().input();
      expansion.expand(block, 0, in, inBlock + from * geometry.inRow(), expanded, 0, pixels);
      source = expanded;
      sourceBase = -from * geometry.inRow();
    }
    int filterBase = filterStart() + block * filterFloats();
    for (int first = row, next; first < endRow; first = next) {
      next = Math.min(endRow, endOfCall[first]);
      boolean walk = walks[first];
      int inBase = sourceBase + origins[first];
      int to = outBase + (first - row) * geometry.outRow();
      for (int i = 0; i < runs.size(); i++) {
        ColumnRun run = runs.get(i);
        int tile = Math.max(0, firstTile - run.firstTile());
        int end = Math.min(run.tiles(), endTile - run.firstTile());
        if (tile < end && pairs != null) {
          pairs.walkBlock(
              geometry,
              run,
              tile,
              end,
              next - first,
              top[first],
              bottom[next - 1],
              source,
              inBase,
              filter,
              filterBase,
              bias,
              biasBase,
              out,
              to);
        } else if (tile < end && rowPairs != null) {
          rowPairs.rowBlock(
              geometry,
              run,
              tile,
              end,
              kernelRows[first],
              next - first,
              source,
              inBase,
              filter,
              filterBase,
              bias,
              biasBase,
              out,
              to);
        } else if (tile < end && walk) {
          kernel.walkBlock(
              run,
              tile,
              end,
              next - first,
              top[first],
              bottom[next - 1],
              source,
              inBase,
              geometry.inRow(),
              filter,
              filterBase,
              bias,
              biasBase,
              out,
              to,
              geometry.outRow());
        } else if (tile < end) {
          kernel.rowBlock(
              run,
              tile,
              end,
              kernelRows[first],
              next - first,
              source,
              inBase,
              geometry.height().stride() * geometry.inRow(),
              filter,
              filterBase,
              bias,
              biasBase,
              out,
              to,
              geometry.outRow());
        }
      }
    }
  }

  /** First input row, counted through the planes, that rows of one output plane read. */
  private int firstInRow(int row) {
    int perPlane = geometry.height().output();
    int plane = Math.max(0, geometry.depth().position(row / perPlane, 0));
    int within = Math.max(0, geometry.height().position(row % perPlane, 0));
    return Math.min(plane * geometry.height().input() + within, inRows());
  }

  /** One past the last such row; no less than the first. */
  private int endInRow(int row, int endRow) {
    int perPlane = geometry.height().output();
    Axis depth = geometry.depth();
    Axis height = geometry.height();
    int plane = depth.position((endRow - 1) / perPlane, depth.kernel() - 1);
    int last = height.position((endRow - 1) % perPlane, height.kernel() - 1);
    int within = Math.clamp(last + 1L, 0, height.input());
    int end = Math.min(plane, depth.input() - 1) * height.input() + within;
    return Math.max(firstInRow(row), end);
  }

  private int inRows() {
    return geometry.depth().input() * geometry.height().input();
  }

  /** Estimated work of rows, in vector multiply-adds of 16 lanes. */
  double cost(int row, int endRow, int firstTile, int endTile) {
    int count = kernelRowsBefore[endRow] - kernelRowsBefore[row];
    int columns = firstColumn(endTile) - firstColumn(firstTile);
    return count * kernelRowCost * columns / geometry.width().output();
  }

  /** Calls the variants that the rows need until they are compiled. */
  void warmUp() {
    if (!Lanes.vectorised()) {
      return;
    }
    float[] in = new float[geometry.inPlane()];
    float[] out = new float[WARM_ROWS * geometry.outRow()];
    float[] expanded = new float[expandedFloats];
    float[] filter = new float[filterStart() + filterFloats()];
    float[] bias = new float[Geometry.BLOCK];
    int height = geometry.height().output();
    int rows = Math.min(WARM_ROWS, height);
    int kernelRows = 2 * WARM_ROWS * geometry.depth().kernel() * geometry.height().kernel();
    long compiled = 2_000 + (long) (2 * kernelRows * kernelRowCost * 16 / Lanes.LANES);
    // The first and the last rows of a plane as they will be: where C2 has checked beforehand what
    // holds for other rows alone, it compiles anew, and that is done here, too.
    WarmUp.drive(
        () -> {
          run(0, 0, rows, 0, tiles(), in, 0, expanded, filter, bias, 0, out, 0);
          run(0, height - rows, height, 0, tiles(), in, 0, expanded, filter, bias, 0, out, 0);
        },
        compiled);
  }
}
