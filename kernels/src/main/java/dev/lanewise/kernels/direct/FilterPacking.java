package dev.lanewise.kernels.direct;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.Interleave;

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
      // A block of input channels at a time: what is written then stays in the first-level cache.
      for (int block = 0; block < group.inBlocks(); block++) {
        int to = group.filterBase() + block * taps * Layout.BLOCK * group.channels();
        int blockIn = (group.firstInBlock() + block) * Layout.BLOCK;
        for (int out = first, rows; out < end; out += rows) {
          rows = Math.min(Interleave.ROWS, Math.min(end - out, outPerGroup - out % outPerGroup));
          int groupIn = out / outPerGroup * inPerGroup;
          int from = Math.max(blockIn, groupIn);
          int count = Math.min(blockIn + Layout.BLOCK, groupIn + inPerGroup) - from;
          for (int t = 0; t < taps; t++) {
            Interleave.columns(
                filter,
                (out * inPerGroup + from - groupIn) * taps + t,
                inPerGroup * taps,
                rows,
                taps,
                count,
                packed,
                to + (t * Layout.BLOCK + from - blockIn) * group.channels() + out - first,
                group.channels());
          }
        }
      }
    }
  }
}
