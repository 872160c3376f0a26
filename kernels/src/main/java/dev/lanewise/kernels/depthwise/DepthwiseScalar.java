package dev.lanewise.kernels.depthwise;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;

/** The depthwise kernels without the Vector API, with the same sums in the same order. */
final class DepthwiseScalar extends DepthwiseKernel {

  private static final int BLOCK = Layout.BLOCK;
  private static final int COLUMNS = 8;

  DepthwiseScalar() {
    super(BLOCK, COLUMNS, COLUMNS, COLUMNS);
  }

  @Override
  void walk(
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
    for (int row = 0; row < rows; row++) {
      int first = top && row == 0 ? 1 : 0;
      int end = bottom && row == rows - 1 ? 2 : 3;
      for (int column = firstTile * run.columns(); column < endTile * run.columns(); column++) {
        int to = outBase + row * outRow + column * BLOCK;
        System.arraycopy(bias, biasBase, out, to, BLOCK);
        for (int k = first; k < end; k++) {
          int from = inBase + (row * run.stride() + k) * inRow;
          addRow(run, column, in, from, filter, filterBase + k * 3 * BLOCK, out, to);
        }
      }
    }
  }

  @Override
  void row(
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
      int outRow) {
    for (int row = 0; row < outRows; row++) {
      taps(
          run,
          firstTile,
          endTile,
          inRows,
          filterRows,
          rows,
          in,
          inBase + row * inStep,
          filter,
          filterBase,
          bias,
          biasBase,
          out,
          outBase + row * outRow);
    }
  }

  @Override
  void taps(
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
      int outBase) {
    for (int column = firstTile * run.columns(); column < endTile * run.columns(); column++) {
      int to = outBase + column * BLOCK;
      System.arraycopy(bias, biasBase, out, to, BLOCK);
      for (int r = 0; r < rows; r++) {
        addRow(run, column, in, inBase + inRows[r], filter, filterBase + filterRows[r], out, to);
      }
    }
  }

  /** Adds the products of one kernel row to the sums of one pixel. */
  private static void addRow(
      ColumnRun run,
      int column,
      float[] in,
      int inRow,
      float[] filter,
      int filterRow,
      float[] out,
      int to) {
    int first = Math.max(run.firstTap(), run.left() - column * run.stride());
    int fromEnd = run.tiles() * run.columns() - 1 - column;
    int end = Math.min(run.endTap(), run.endTap() - run.right() + fromEnd * run.stride());
    for (int k = first; k < end; k++) {
      int from = inRow + column * run.pixelStep() + k * run.tapStep();
      int weights = filterRow + k * BLOCK;
      for (int c = 0; c < BLOCK; c++) {
        out[to + c] = Lanes.fma(in[from + c], filter[weights + c], out[to + c]);
      }
    }
  }
}
