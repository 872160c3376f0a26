package dev.lanewise.kernels.direct;

import dev.lanewise.kernels.shape.ConvShape;

/** Lays a filter out for densely packed channels, whose taps are short. */
final class ShortTapPacking {

  private final ConvShape shape;
  private final Packing packing;
  private final Packing.RowTap[] rowTaps;
  private final int rows;
  private final int columns;
  private final int terms;

  ShortTapPacking(Geometry geometry) {
    shape = geometry.shape();
    packing = geometry.packing();
    rowTaps = geometry.rowTaps().toArray(Packing.RowTap[]::new);
    rows = geometry.depth().kernel() * geometry.height().kernel();
    columns = geometry.width().kernel();
    terms = geometry.walk().terms();
  }

  /**
   * Packs a filter {@code [outChannels][inChannels / groups][taps]} into {@code [output
   * group][plane][depth][height][row tap][term][16 or 32]}; entries between strangers, of padding
   * channels and of terms that a last tap has too many stay zero.
   */
  void pack(OutputGroup[] outputGroups, float[] filter, float[] packed) {
    for (OutputGroup group : outputGroups) {
      int to = group.filterBase();
      for (int block = 0; block < group.inBlocks(); block++) {
        int plane = group.firstInBlock() + block;
        for (int row = 0; row < rows; row++) {
          for (Packing.RowTap tap : rowTaps) {
            for (int term = 0; term < terms; term++) {
              packTerm(group, packing.channel(plane, term), row, tap, term, filter, packed, to);
              to += group.channels();
            }
          }
        }
      }
    }
  }

  /** The filter row of one term: its weight for each output channel that knows its channel. */
  private void packTerm(
      OutputGroup group,
      int inChannel,
      int row,
      Packing.RowTap tap,
      int term,
      float[] filter,
      float[] packed,
      int to) {
    int neighbour = term / packing.channels;
    if (inChannel >= shape.inChannels() || neighbour >= tap.columns()) {
      return;
    }
    int inPerGroup = shape.inChannels() / shape.groups();
    int outPerGroup = shape.outChannels() / shape.groups();
    int first = group.firstBlock() * Geometry.BLOCK;
    int channelGroup = inChannel / inPerGroup;
    int from = Math.max(first, channelGroup * outPerGroup);
    int end = Math.min(first + group.channels(), (channelGroup + 1) * outPerGroup);
    int outStride = inPerGroup * rows * columns;
    int column = tap.first() + neighbour * tap.step();
    int source = (inChannel % inPerGroup * rows + row) * columns + column;
    for (int out = from; out < end; out++) {
      packed[to + out - first] = filter[out * outStride + source];
    }
  }
}
