package dev.lanewise.kernels.direct;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.ConvShape;

/** Lays a filter out as the batch-reduce kernel reads it. */
public final class FilterPacking {

  private FilterPacking() {}

  /**
   * Packs a filter {@code [outChannels][inChannels / groups][taps]} into {@code [output
   * group][input block][tap][16][16 or 32]}; entries between strangers and of padding channels stay
   * zero.
   */
  public static void pack(
      ConvShape shape, OutputGroup[] outputGroups, float[] filter, float[] packed) {
    pack(shape, outputGroups, filter, packed, 0, 1);
  }

  /** The same for one worker's share of the output groups. */
  static void pack(
      ConvShape shape,
      OutputGroup[] outputGroups,
      float[] filter,
      float[] packed,
      int worker,
      int workers) {
    int taps = shape.kernelTaps();
    int inPerGroup = shape.inChannels() / shape.groups();
    int outPerGroup = shape.outChannels() / shape.groups();
    int endGroup = Workers.start(outputGroups.length, worker + 1, workers);
    for (int g = Workers.start(outputGroups.length, worker, workers); g < endGroup; g++) {
      OutputGroup group = outputGroups[g];
      int first = group.firstBlock() * Layout.BLOCK;
      int end = Math.min(first + group.channels(), shape.outChannels());
      // 16 input channels at a time: what is written then stays in the first-level cache.
      for (int chunk = 0; chunk < inPerGroup; chunk += Layout.BLOCK) {
        int chunkEnd = Math.min(chunk + Layout.BLOCK, inPerGroup);
        for (int out = first; out < end; out++) {
          int firstIn = out / outPerGroup * inPerGroup - group.firstInBlock() * Layout.BLOCK;
          for (int i = chunk; i < chunkEnd; i++) {
            int in = firstIn + i;
            int row = in / Layout.BLOCK * taps * Layout.BLOCK + in % Layout.BLOCK;
            int to = group.filterBase() + row * group.channels() + out - first;
            int from = (out * inPerGroup + i) * taps;
            for (int t = 0; t < taps; t++) {
              packed[to + t * Layout.BLOCK * group.channels()] = filter[from + t];
            }
          }
        }
      }
    }
  }
}
