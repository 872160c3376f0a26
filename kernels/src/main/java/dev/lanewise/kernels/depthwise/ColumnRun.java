package dev.lanewise.kernels.depthwise;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Axis;
import java.util.ArrayList;
import java.util.List;

/**
 * Neighbouring tiles of the columns of an output row, all computed by one variant of the kernels.
 *
 * @param kernel the kernel's width where it is a literal of the variant, or 1 for the general form
 * @param stride the stride where it is a literal of the variant
 * @param columns output columns of a tile
 * @param tiles how many tiles
 * @param firstTile how many tiles of the row come before
 * @param in where the first tap of the first column lies in its input row, in floats; may be
 *     negative
 * @param out where the first column lies in its output row, in floats
 * @param left input columns of the first tile that fall before the row
 * @param right input columns of the last tile that fall after the row
 * @param firstTap first tap inside the row, for the general form
 * @param endTap one past the last tap inside the row, for the general form
 * @param pixelStep floats from one pixel's input to the next one's, for the general form
 * @param tapStep floats from one tap's input to the next one's, for the general form
 */
record ColumnRun(
    int kernel,
    int stride,
    int columns,
    int tiles,
    int firstTile,
    int in,
    int out,
    int left,
    int right,
    int firstTap,
    int endTap,
    int pixelStep,
    int tapStep) {

  private static final int BLOCK = Layout.BLOCK;

  /** Widest kernel for which variants with a literal width are generated. */
  private static final int WIDEST_LITERAL = 7;

  /** Whether the kernel's width is a literal of the variant. */
  boolean literal() {
    return kernel > 1;
  }

  int endTile() {
    return firstTile + tiles;
  }

  /** Taps of one row of the kernel that fall into the input, summed over all columns. */
  long taps() {
    return literal()
        ? (long) tiles * columns * kernel - missing(left) - missing(right)
        : (long) tiles * columns * (endTap - firstTap);
  }

  /** Taps that fall outside where {@code border} input columns do. */
  private int missing(int border) {
    int missing = 0;
    for (int outside = border; outside > 0; outside -= stride) {
      missing += outside;
    }
    return missing;
  }

  /** Whether there are variants whose literals are an axis's kernel and stride. */
  static boolean literalKernel(Axis axis) {
    return axis.kernel() % 2 == 1
        && axis.kernel() > 1
        && axis.kernel() <= WIDEST_LITERAL
        && axis.dilation() == 1
        && axis.stride() <= 2;
  }

  /** Whether the variants of literal width and stride can compute rows along this axis. */
  static boolean literal(Axis axis) {
    return literalKernel(axis)
        && axis.padBefore() <= axis.kernel() / 2
        && after(axis) <= axis.kernel() / 2;
  }

  /** Input columns that the last window touches after the row. */
  private static int after(Axis axis) {
    return Math.max(0, axis.position(axis.output() - 1, axis.kernel() - 1) + 1 - axis.input());
  }

  /**
   * The runs of a row: of literal width where there are variants, else of the general form.
   *
   * @param most columns of the widest tile
   */
  static List<ColumnRun> tiles(Axis axis, int most) {
    return literal(axis) ? literals(axis, most, 1) : general(axis, most);
  }

  /**
   * The runs of a row of even and literal width in tiles of pairs of columns.
   *
   * @param most pairs of the widest tile
   */
  static List<ColumnRun> tilesOfPairs(Axis axis, int most) {
    return literals(axis, most, 2);
  }

  /** Tiles of two sizes that differ by one unit of so many columns. */
  private static List<ColumnRun> literals(Axis axis, int most, int unit) {
    int units = axis.output() / unit;
    int tiles = Math.ceilDiv(units, most);
    int wide = units % tiles;
    int columns = units / tiles * unit;
    List<ColumnRun> runs = new ArrayList<>();
    if (wide > 0) {
      runs.add(literal(axis, columns + unit, wide, 0, 0, wide == tiles));
    }
    runs.add(literal(axis, columns, tiles - wide, wide, wide * (columns + unit), true));
    return List.copyOf(runs);
  }

  /** The runs of a row of literal width whose columns are summed in pairs; an odd one is last. */
  static List<ColumnRun> pairs(Axis axis) {
    int tiles = axis.output() / 2;
    boolean odd = axis.output() % 2 == 1;
    List<ColumnRun> runs = new ArrayList<>();
    if (tiles > 0) {
      runs.add(literal(axis, 2, tiles, 0, 0, !odd));
    }
    if (odd) {
      runs.add(literal(axis, 1, 1, tiles, 2 * tiles, true));
    }
    return List.copyOf(runs);
  }

  private static ColumnRun literal(
      Axis axis, int columns, int tiles, int firstTile, int firstColumn, boolean last) {
    return new ColumnRun(
        axis.kernel(),
        axis.stride(),
        columns,
        tiles,
        firstTile,
        axis.position(firstColumn, 0) * BLOCK,
        firstColumn * BLOCK,
        firstColumn == 0 ? axis.padBefore() : 0,
        last ? after(axis) : 0,
        0,
        axis.kernel(),
        axis.stride() * BLOCK,
        BLOCK);
  }

  /** The runs of a row for the general form: columns that read the same taps, in tiles. */
  private static List<ColumnRun> general(Axis axis, int most) {
    List<ColumnRun> runs = new ArrayList<>();
    int tile = 0;
    for (int first = 0, end; first < axis.output(); first = end) {
      end = first + 1;
      while (end < axis.output() && sameTaps(axis, first, end)) {
        end++;
      }
      int parts = Math.ceilDiv(end - first, most);
      for (int i = 0, next; i < parts; i = next) {
        int from = first + Workers.start(end - first, i, parts);
        int columns = first + Workers.start(end - first, i + 1, parts) - from;
        next = i + 1;
        while (next < parts && sizeOfPart(end - first, next, parts) == columns) {
          next++;
        }
        runs.add(general(axis, columns, next - i, tile, from));
        tile += next - i;
      }
    }
    return List.copyOf(runs);
  }

  private static int sizeOfPart(int length, int part, int parts) {
    return Workers.start(length, part + 1, parts) - Workers.start(length, part, parts);
  }

  private static boolean sameTaps(Axis axis, int window, int other) {
    return axis.firstTap(window) == axis.firstTap(other)
        && axis.endTap(window) == axis.endTap(other);
  }

  private static ColumnRun general(
      Axis axis, int columns, int tiles, int firstTile, int firstColumn) {
    int firstTap = axis.firstTap(firstColumn);
    return new ColumnRun(
        1,
        1,
        columns,
        tiles,
        firstTile,
        axis.position(firstColumn, 0) * BLOCK,
        firstColumn * BLOCK,
        0,
        0,
        firstTap,
        Math.max(firstTap, axis.endTap(firstColumn)),
        axis.stride() * BLOCK,
        axis.dilation() * BLOCK);
  }
}
