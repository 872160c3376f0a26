package dev.lanewise.kernels.simd;

/** The kernel of narrow groups without the Vector API; sums in the same order. */
final class GroupReduceScalar extends GroupReduce {

  private static final int PIXELS = 14;

  GroupReduceScalar() {
    super(1, PIXELS);
  }

  @Override
  void run(
      int variant,
      float[] in,
      int inBase,
      int[] inTaps,
      int[] filterTaps,
      int count,
      int[] laneTable,
      int[] laneTaps,
      int lane,
      float[] filter,
      int filterBase,
      float[] init,
      int initBase,
      int initPixel,
      float[] out,
      int outBase) {
    int pixels = variant % PIXELS + 1;
    int columns = variant / PIXELS + 1;
    for (int p = 0; p < pixels; p++) {
      float sum = init[initBase + p * initPixel];
      for (int t = 0; t < count; t++) {
        int from = inBase + inTaps[t] + laneTable[laneTaps[t] + lane];
        int weight = filterBase + filterTaps[t];
        for (int c = 0; c < columns; c++) {
          float x = in[from + (p + c) * BatchReduce.BLOCK];
          float f = filter[weight + c * BatchReduce.BLOCK];
          sum = Lanes.fma(x, f, sum);
        }
      }
      out[outBase + p * BatchReduce.BLOCK] = sum;
    }
  }
}
