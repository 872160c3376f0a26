package dev.lanewise.kernels.gradient;

import dev.lanewise.kernels.plan.FilterGradientCall;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.FilterReduce;
import dev.lanewise.kernels.simd.Interleave;

/**
 * Brings sums, {@code [8 output channels][input block][tap][8][16]}, into the layout of a filter.
 */
record FilterLayout(FilterGeometry geometry, FilterRows rows) {

  private static final int BLOCK = FilterGeometry.BLOCK;

  /**
   * Lays out 8 output channels.
   *
   * @param firstBlock first of the input blocks, counted from the first that the channels see
   * @param endBlock one past the last
   * @param sums those of the first block that the channels see lie at {@code base}
   */
  void write(
      int row, int firstBlock, int endBlock, float[] sums, int base, FilterGradientCall call) {
    ConvShape shape = geometry.shape();
    int inGroup = shape.inChannels() / shape.groups();
    int outGroup = shape.outChannels() / shape.groups();
    int taps = geometry.taps();
    int endRow = Math.min((row + 1) * FilterReduce.ROWS, shape.outChannels());
    for (int k = row * FilterReduce.ROWS; k < endRow; k++) {
      int first = k / outGroup * inGroup - rows.firstInBlock[row] * BLOCK;
      int end = Math.min(first + inGroup, endBlock * BLOCK);
      int from = base + k % FilterReduce.ROWS * BLOCK;
      for (int channel = Math.max(first, firstBlock * BLOCK); channel < end; ) {
        int lane = channel % BLOCK;
        int lanes = Math.min(BLOCK - lane, end - channel);
        int at = from + channel / BLOCK * taps * FilterRows.TERMS + lane;
        int to = call.gradFilterFirst() + (k * inGroup + channel - first) * taps;
        Interleave.run(sums, at, FilterRows.TERMS, taps, lanes, call.gradFilter(), to, false);
        channel += lanes;
      }
    }
  }
}
