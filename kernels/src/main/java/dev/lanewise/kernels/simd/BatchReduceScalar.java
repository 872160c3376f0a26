package dev.lanewise.kernels.simd;

/**
 * The batch-reduce kernel without the Vector API, for JVMs that lack it.
 *
 * <p>Sums in the same order as the generated kernels and, where the processor has FMA, with the
 * same rounding: the results have the same bits.
 */
final class BatchReduceScalar extends BatchReduce {

  private static final int PIXELS = 14;

  BatchReduceScalar() {
    super(1, PIXELS, PIXELS, 2 * BLOCK);
  }

  @Override
  void run(
      int walk,
      int tile,
      int groups,
      int strips,
      float[] in,
      int inBase,
      Taps taps,
      float[] filter,
      int filterBase,
      float[] init,
      int initBase,
      int initPixel,
      int initBlock,
      float[] out,
      int outBase,
      int outPixel,
      int outBlock) {
    int pixels = strips * (tile % PIXELS + 1);
    int blocks = tile / PIXELS + 1;
    int pixelStride = walks().get(walk).pixelStride();
    for (int p = 0; p < pixels; p++) {
      for (int b = 0; b < blocks; b++) {
        int to = outBase + p * outPixel + b * outBlock;
        System.arraycopy(init, initBase + p * initPixel + b * initBlock, out, to, BLOCK);
        for (int t = 0; t < taps.count(); t++) {
          int from = inBase + taps.input()[t] + p * pixelStride;
          int row = filterBase + taps.filter()[t] + b * BLOCK;
          for (int k = 0; k < taps.terms(); k++) {
            addProducts(in[from + k], filter, row + k * blocks * BLOCK, out, to);
          }
        }
      }
    }
  }

  private static void addProducts(float x, float[] filter, int row, float[] out, int to) {
    for (int c = 0; c < BLOCK; c++) {
      out[to + c] = Lanes.fma(x, filter[row + c], out[to + c]);
    }
  }
}
