package dev.lanewise.kernels.depthwise;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.kernels.simd.Taps;

/**
 * The sums of a depthwise convolution for one block of 16 channels.
 *
 * <pre>
 * out[row][column][c] = bias[c] + sum over kernel rows and columns inside the input of
 *                       in[input row][input column][c] * filter[kernel row][kernel column][c]
 * </pre>
 *
 * Each output element is a single chain of fused multiply-adds in the order (kernel plane, row,
 * column); taps that fall on padding are left out. Which method and which tile computes it does not
 * change its bits.
 */
abstract class DepthwiseKernel {

  /** An index that no row has. */
  static final int NEVER = Integer.MIN_VALUE;

  private static final int BLOCK = Layout.BLOCK;

  private final int lanes;
  private final int walkColumns;
  private final int sparseColumns;
  private final int rowColumns;

  DepthwiseKernel(int lanes, int walkColumns, int sparseColumns, int rowColumns) {
    this.lanes = lanes;
    this.walkColumns = walkColumns;
    this.sparseColumns = sparseColumns;
    this.rowColumns = rowColumns;
  }

  /** The implementation for this machine's lanes. */
  static DepthwiseKernel get() {
    return Holder.INSTANCE;
  }

  /** Columns of the widest tile of a walk. */
  final int walkColumns(int stride) {
    return stride == 1 ? walkColumns : sparseColumns;
  }

  /** Columns of the widest tile of a single row. */
  final int rowColumns() {
    return rowColumns;
  }

  final int lanes() {
    return lanes;
  }

  /**
   * Output rows of a 3 x 3 kernel: the first may miss kernel row 0, the last kernel row 2, and not
   * both if they are one.
   *
   * @param run the columns, of literal width 3; tiles {@code firstTile} to {@code endTile} of it
   * @param top whether kernel row 0 of the first output row is padding
   * @param bottom whether kernel row 2 of the last output row is padding
   * @param inBase where kernel row 0 of the first output row lies; may be negative
   * @param inRow floats of an input row
   * @param outBase where the first output row lies
   * @param outRow floats of an output row
   */
  final void walkBlock(
      ColumnRun run,
      int firstTile,
      int endTile,
      int rows,
      boolean top,
      boolean bottom,
      float[] in,
      int inBase,
      int inRow,
      float[] filter,
      int filterBase,
      float[] bias,
      int biasBase,
      float[] out,
      int outBase,
      int outRow) {
    for (int c = 0; c < BLOCK; c += lanes) {
      walk(
          run,
          firstTile,
          endTile,
          rows,
          top,
          bottom,
          in,
          inBase + run.in() + c,
          inRow,
          filter,
          filterBase + c,
          bias,
          biasBase + c,
          out,
          outBase + run.out() + c,
          outRow);
    }
  }

  /**
   * Output rows of any kernel that miss the same of its rows.
   *
   * @param run the columns; tiles {@code firstTile} to {@code endTile} of it
   * @param rows the kernel rows inside the input: where they lie from {@code inBase} on, and where
   *     their taps lie in the filter
   * @param outRows how many output rows
   * @param inBase where kernel row 0 of the first output row lies; may be negative
   * @param inStep floats from there to where that of the next output row lies
   * @param outRow floats of an output row
   */
  final void rowBlock(
      ColumnRun run,
      int firstTile,
      int endTile,
      Taps rows,
      int outRows,
      float[] in,
      int inBase,
      int inStep,
      float[] filter,
      int filterBase,
      float[] bias,
      int biasBase,
      float[] out,
      int outBase,
      int outRow) {
    int[] inRows = rows.input();
    int[] filterRows = rows.filter();
    int count = rows.count();
    for (int c = 0; c < BLOCK; c += lanes) {
      int from = inBase + run.in() + c;
      int weights = filterBase + c;
      int to = outBase + run.out() + c;
      if (run.literal()) {
        row(
            run,
            firstTile,
            endTile,
            inRows,
            filterRows,
            count,
            outRows,
            in,
            from,
            inStep,
            filter,
            weights,
            bias,
            biasBase + c,
            out,
            to,
            outRow);
        continue;
      }
      for (int row = 0; row < outRows; row++) {
        taps(
            run,
            firstTile,
            endTile,
            inRows,
            filterRows,
            count,
            in,
            from + row * inStep,
            filter,
            weights,
            bias,
            biasBase + c,
            out,
            to + row * outRow);
      }
    }
  }

  /** As many channels as there are lanes of {@link #walkBlock}. */
  abstract void walk(
      ColumnRun run,
      int firstTile,
      int endTile,
      int rows,
      boolean top,
      boolean bottom,
      float[] in,
      int inBase,
      int inRow,
      float[] filter,
      int filterBase,
      float[] bias,
      int biasBase,
      float[] out,
      int outBase,
      int outRow);

  /** As many channels as there are lanes of {@link #rowBlock}, the kernel's width a literal. */
  abstract void row(
      ColumnRun run,
      int firstTile,
      int endTile,
      int[] inRows,
      int[] filterRows,
      int rows,
      int outRows,
      float[] in,
      int inBase,
      int inStep,
      float[] filter,
      int filterBase,
      float[] bias,
      int biasBase,
      float[] out,
      int outBase,
      int outRow);

  /** One output row of as many channels as there are lanes, any width, stride and dilation. */
  abstract void taps(
      ColumnRun run,
      int firstTile,
      int endTile,
      int[] inRows,
      int[] filterRows,
      int rows,
      float[] in,
      int inBase,
      float[] filter,
      int filterBase,
      float[] bias,
      int biasBase,
      float[] out,
      int outBase);

  /** Loads the class of one lane width only: the others may need a module that is not there. */
  private static final class Holder {
    static final DepthwiseKernel INSTANCE =
        switch (Lanes.LANES) {
          case 16 -> new Depthwise16();
          case 8 -> new Depthwise8();
          case 4 -> new Depthwise4();
          default -> new DepthwiseScalar();
        };
  }
}
