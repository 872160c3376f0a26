package dev.lanewise.kernels.norm;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;

/** The loop of {@link AffineCall} without vectors; its results have the same bits. */
final class ScalarAffine {

  private static final int BLOCK = Layout.BLOCK;

  private ScalarAffine() {}

  static void run(
      float[] x,
      int from,
      int pixels,
      float[] scale,
      int factors,
      float[] shift,
      int summands,
      float[] y,
      int to) {
    for (int i = 0; i < pixels * BLOCK; i += BLOCK) {
      for (int c = 0; c < BLOCK; c++) {
        y[to + i + c] = Lanes.fma(x[from + i + c], scale[factors + c], shift[summands + c]);
      }
    }
  }
}
