package dev.lanewise.kernels.simd;

import java.util.Arrays;

/**
 * The sums of the gradient by filter without the Vector API: the same order and, where the
 * processor has FMA, the same rounding, hence the same bits.
 */
final class FilterReduceScalar extends FilterReduce {

  private static final int BLOCK = BatchReduce.BLOCK;

  FilterReduceScalar() {
    super(ROWS, 1, BLOCK);
  }

  @Override
  void run(
      int variant,
      float[] in,
      int inBase,
      int inBlock,
      float[] gradient,
      int gradientBase,
      PixelTable pixels,
      float[] out,
      int outBase,
      int outRow,
      int outBlock) {
    for (int r = 0; r < ROWS; r++) {
      int to = outBase + r * outRow;
      begin(variant, out, to);
      for (int i = 0; i < pixels.count(); i++) {
        int scale = gradientBase + pixels.gradient()[i] + r;
        addProducts(gradient[scale], in, inBase + pixels.input()[i], out, to);
      }
    }
  }

  @Override
  void runProducts(
      int variant,
      int count,
      int pixels,
      float[] in,
      int inBase,
      int inBlock,
      int inProduct,
      float[] gradient,
      int gradientBase,
      int gradientProduct,
      float[] out,
      int outBase,
      int outRow,
      int outProduct) {
    for (int p = 0; p < count; p++) {
      for (int r = 0; r < ROWS; r++) {
        int to = outBase + p * outProduct + r * outRow;
        int scale = gradientBase + p * gradientProduct + r;
        begin(variant, out, to);
        for (int k = 0; k < pixels; k++) {
          int from = inBase + p * inProduct + k * BLOCK;
          addProducts(gradient[scale + k * BLOCK], in, from, out, to);
        }
      }
    }
  }

  private static void begin(int variant, float[] out, int to) {
    if (variant % 2 == 0) {
      Arrays.fill(out, to, to + BLOCK, 0f);
    }
  }

  private static void addProducts(float y, float[] in, int from, float[] out, int to) {
    for (int c = 0; c < BLOCK; c++) {
      out[to + c] = Lanes.fma(y, in[from + c], out[to + c]);
    }
  }
}
