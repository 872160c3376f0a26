package dev.lanewise.kernels.simd;

import dev.lanewise.kernels.shape.Check;

/**
 * The taps of a sum over narrow channel groups. Tap {@code t} takes the block of 16 input channels
 * at {@code input[t]}, lets output lane {@code l} see its lane {@code lanes[laneRow[t] + l]}, and
 * multiplies by {@code columns} blocks of the filter at {@code filter[t]}: one for this pixel, the
 * next for its right neighbour.
 */
public final class GroupTaps {

  /** The number of taps is a multiple of this: the last ones may have filters of zero. */
  public static final int TRIP = 4;

  /** Neighbouring taps that can share their input. */
  public static final int MOST_COLUMNS = 3;

  final int columns;
  final int[] filter;
  final int[] laneRow;

  /**
   * Of each register of a block: where its tap begins, and which of the register's lanes it sees.
   */
  final int[][] input;

  final int[] lanes;

  /**
   * Taps for this machine's registers.
   *
   * @param columns neighbouring taps that share their input, 1 to 3
   * @param lanes rows of 16 lanes; those of a register must lie in one register of the input
   * @throws IllegalArgumentException if the tables differ in length, their length is no multiple of
   *     {@link #TRIP}, or a register would need lanes of several
   */
  public GroupTaps(int columns, int[] input, int[] filter, int[] laneRow, int[] lanes) {
    Check.that(
        columns >= 1 && columns <= MOST_COLUMNS,
        "columns must be 1 to %d, not %d",
        MOST_COLUMNS,
        columns);
    Check.that(
        input.length == filter.length && input.length == laneRow.length,
        "a tap needs three offsets: %d, %d, %d",
        input.length,
        filter.length,
        laneRow.length);
    Check.that(input.length % TRIP == 0, "%d taps are no multiple of %d", input.length, TRIP);
    this.columns = columns;
    this.filter = filter;
    this.laneRow = laneRow;
    int width = GroupReduce.get().lanes();
    this.lanes = new int[lanes.length];
    for (int i = 0; i < lanes.length; i++) {
      int first = lanes[i - i % width];
      Check.that(
          lanes[i] / width == first / width,
          "lanes %d and %d lie in different registers",
          first,
          lanes[i]);
      this.lanes[i] = lanes[i] % width;
    }
    this.input = new int[BatchReduce.BLOCK / width][input.length];
    for (int register = 0; register < this.input.length; register++) {
      for (int t = 0; t < input.length; t++) {
        int source = lanes[laneRow[t] + register * width] / width * width;
        this.input[register][t] = input[t] + source;
      }
    }
  }

  /** Number of taps, those with filters of zero included. */
  public int count() {
    return filter.length;
  }

  /** Neighbouring taps that share their input. */
  public int columns() {
    return columns;
  }
}
