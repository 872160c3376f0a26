package dev.lanewise.kernels.simd;

import java.util.Arrays;

/**
 * The sums of the gradient by filter without the Vector API: the same order and, where the
 * processor has FMA, the same rounding, hence the same bits.
 */
final class FilterReduceScalar extends FilterReduce {

  private static final int BLOCK = BatchReduce.BLOCK;

  private static final int[] LENGTHS = trips();

  private static final int[] PRODUCT_LENGTHS = productTrips();

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
      Pieces pieces,
      float[] init,
      int initBase,
      int initRow,
      int initBlock,
      float[] out,
      int outBase,
      int outRow,
      int outBlock) {
    int inPixel = (variant / LENGTHS.length + 1) * BLOCK;
    for (int r = 0; r < ROWS; r++) {
      int to = outBase + r * outRow;
      System.arraycopy(init, initBase + r * initRow, out, to, BLOCK);
      for (int i = 0; i < pieces.count(); i++) {
        int from = inBase + pieces.input()[i];
        int scale = gradientBase + pieces.gradient()[i] + r;
        for (int k = 0; k < pieces.trip(); k++) {
          addProducts(gradient[scale + k * BLOCK], in, from + k * inPixel, out, to);
        }
      }
    }
  }

  @Override
  void runProducts(
      int variant,
      int count,
      int runs,
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
      int outBlock,
      int outProduct) {
    int pixels = runs * PRODUCT_LENGTHS[variant / 2 % PRODUCT_LENGTHS.length];
    for (int p = 0; p < count; p++) {
      for (int r = 0; r < ROWS; r++) {
        int to = outBase + p * outProduct + r * outRow;
        int scale = gradientBase + p * gradientProduct + r;
        if (variant % 2 == 0) {
          Arrays.fill(out, to, to + BLOCK, 0f);
        }
        for (int k = 0; k < pixels; k++) {
          int from = inBase + p * inProduct + k * BLOCK;
          addProducts(gradient[scale + k * BLOCK], in, from, out, to);
        }
      }
    }
  }

  private static void addProducts(float y, float[] in, int from, float[] out, int to) {
    for (int c = 0; c < BLOCK; c++) {
      float x = in[from + c];
      out[to + c] = Lanes.FMA ? Math.fma(y, x, out[to + c]) : y * x + out[to + c];
    }
  }
}
