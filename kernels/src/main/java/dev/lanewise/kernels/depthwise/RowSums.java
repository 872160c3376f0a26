package dev.lanewise.kernels.depthwise;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.simd.Lanes;

/**
 * The sums of the gradient by filter of a 3 x 3 kernel of stride 2, for one block of 16 channels,
 * row by row of a plane: operands are read in the order in which they lie.
 *
 * <p>Step {@code i} takes the input row that the middle kernel row of output row {@code i} sees,
 * with the last kernel row of it, and the input row after it, with the first kernel row of output
 * row {@code i + 1}. Steps of a plane so meet each input row once, and any two of them share none.
 *
 * <p>Each sum is a single chain of fused multiply-adds: over at most two parts of the columns, the
 * part's steps, the step's columns. Lanes do not change its bits.
 */
abstract class RowSums {

  private static final int BLOCK = Layout.BLOCK;
  private static final int KERNEL = 3;

  /** Columns of the widest run: the same on any lanes, because it decides how columns are cut. */
  private static final int MOST_COLUMNS = 4;

  private final int lanes;

  /** Kernel rows that a call sums together: all or one. */
  private final int kernelRows;

  RowSums(int lanes, int kernelRows) {
    this.lanes = lanes;
    this.kernelRows = kernelRows;
  }

  /** The implementation for this machine's lanes. */
  static RowSums get() {
    return Holder.INSTANCE;
  }

  /** Whether the sums of a geometry are computed here. */
  static boolean takes(Geometry geometry) {
    Axis height = geometry.height();
    Axis width = geometry.width();
    return width.kernel() == KERNEL
        && height.kernel() == KERNEL
        && width.stride() == 2
        && height.stride() == 2
        && ColumnRun.literal(width)
        && ColumnRun.literal(height);
  }

  /**
   * Adds the steps of some output rows of a plane to the sums of all taps of a plane of the kernel.
   * All rows of a plane, however they are cut, are all of its steps.
   *
   * @param in where the input lies, its plane from {@code inPlane} on
   * @param grad where the gradient lies, its plane from {@code gradPlane} on; the row after {@code
   *     endRow} is read as well
   * @param sums {@code [kernel row][tap][16]} from {@code sumsBase} on
   */
  final void addRows(
      Geometry geometry,
      int row,
      int endRow,
      float[] in,
      int inPlane,
      float[] grad,
      int gradPlane,
      float[] sums,
      int sumsBase) {
    Axis height = geometry.height();
    // The first kernel row of the first output row belongs to a step before it.
    int step = row == 0 && height.padBefore() == 0 ? -1 : row;
    int columns = geometry.width().output();
    int runs = columns / MOST_COLUMNS;
    int rest = columns % MOST_COLUMNS;
    for (int k = 0; k < KERNEL; k += kernelRows) {
      int ahead = kernelRows == 1 && k == 0 ? 1 : 0;
      int firstRow = (kernelRows == 1 ? k + 2 * ahead : 1) - height.padBefore();
      int to = sumsBase + k * KERNEL * BLOCK;
      for (int c = 0; c < BLOCK; c += lanes) {
        if (runs > 0) {
          addColumns(
              geometry,
              firstRow,
              ahead,
              step,
              endRow,
              0,
              MOST_COLUMNS,
              runs,
              in,
              inPlane + c,
              grad,
              gradPlane + c,
              sums,
              to + c);
        }
        if (rest > 0) {
          addColumns(
              geometry,
              firstRow,
              ahead,
              step,
              endRow,
              columns - rest,
              rest,
              1,
              in,
              inPlane + c,
              grad,
              gradPlane + c,
              sums,
              to + c);
        }
      }
    }
  }

  /**
   * As many channels as there are lanes of {@link #addRows}, for all kernel rows or one and some
   * runs of neighbouring columns.
   *
   * @param firstRow the first input row of step 0
   * @param ahead output rows from a step's number to its first gradient's
   * @param column first column
   * @param columns columns of a run
   */
  abstract void addColumns(
      Geometry geometry,
      int firstRow,
      int ahead,
      int step,
      int endStep,
      int column,
      int columns,
      int runs,
      float[] in,
      int inBase,
      float[] grad,
      int gradBase,
      float[] sums,
      int sumsBase);

  /** Loads the class of one lane width only: the others may need a module that is not there. */
  private static final class Holder {
    static final RowSums INSTANCE =
        switch (Lanes.LANES) {
          case 16 -> new RowSums16();
          case 8 -> new RowSums8();
          case 4 -> new RowSums4();
          default -> new Scalar();
        };
  }

  /** Without the Vector API, with the same sums in the same order. */
  private static final class Scalar extends RowSums {

    Scalar() {
      super(BLOCK, 1);
    }

    @Override
    void addColumns(
        Geometry geometry,
        int firstRow,
        int ahead,
        int step,
        int endStep,
        int column,
        int columns,
        int runs,
        float[] in,
        int inBase,
        float[] grad,
        int gradBase,
        float[] sums,
        int sumsBase) {
      Axis width = geometry.width();
      for (int i = step; i < endStep; i++) {
        int y = i * 2 + firstRow;
        int window = i + ahead;
        boolean inside = y >= 0 && y < geometry.height().input();
        if (!inside || window < 0 || window >= geometry.height().output()) {
          continue;
        }
        for (int j = column; j < column + columns * runs; j++) {
          for (int tap = 0; tap < KERNEL; tap++) {
            int x = width.position(j, tap);
            if (x >= 0 && x < width.input()) {
              TapSums.addPixel(
                  in,
                  inBase + y * geometry.inRow() + x * BLOCK,
                  grad,
                  gradBase + window * geometry.outRow() + j * BLOCK,
                  sums,
                  sumsBase + tap * BLOCK);
            }
          }
        }
      }
    }
  }
}
