package dev.lanewise.kernels.direct;

import dev.lanewise.kernels.shape.ConvShape;

/** Lays a filter out as the batch-reduce kernel reads it. */
final class FilterPacking {

  private FilterPacking() {}

  /**
   * Packs a filter {@code [outChannels][inChannels / groups][taps]} into {@code [output
   * group][input block][tap][16][16 or 32]}; entries between strangers and of padding channels stay
   * zero.
   */
  static void pack(Geometry geometry, OutputGroup[] outputGroups, float[] filter, float[] packed) {
    ConvShape shape = geometry.shape();
    int taps = shape.kernelTaps();
    int inPerGroup = shape.inChannels() / shape.groups();
    int outPerGroup = shape.outChannels() / shape.groups();
    for (OutputGroup group : outputGroups) {
      int first = group.firstBlock() * Geometry.BLOCK;
      int end = Math.min(first + group.channels(), shape.outChannels());
      for (int out = first; out < end; out++) {
        int firstIn = out / outPerGroup * inPerGroup - group.firstInBlock() * Geometry.BLOCK;
        for (int i = 0; i < inPerGroup; i++) {
          int in = firstIn + i;
          int to =
              group.filterBase()
                  + (in / Geometry.BLOCK * taps * Geometry.BLOCK + in % Geometry.BLOCK)
                      * group.channels()
                  + out
                  - first;
          int from = (out * inPerGroup + i) * taps;
          for (int t = 0; t < taps; t++) {
            packed[to + t * Geometry.BLOCK * group.channels()] = filter[from + t];
          }
        }
      }
    }
  }
}
