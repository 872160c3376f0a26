package dev.lanewise.kernels.strassen;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;

/**
 * The sums of quarters that are no part of a product, on lanes where the machine has them:
 * additions alone, so the bits are the same.
 */
final class QuarterSums {

  private static final int BLOCK = Layout.BLOCK;

  private QuarterSums() {}

  /**
   * The four sums of the input's quarters for a block of channels: {@code s1 = a21 + a22, s2 = s1 -
   * a11, s3 = a11 - a21, s4 = a12 - s2}.
   *
   * @param a11 where the upper pixels of the first channels begin; {@code a12} those of the second
   *     channels, {@code a21} and {@code a22} the lower pixels
   * @param to where the first sum goes; the others lie {@code apart} floats further on
   * @param pixels how many pixels of each quarter
   */
  static void input(
      float[] in, int a11, int a12, int a21, int a22, float[] sums, int to, int apart, int pixels) {
    if (Lanes.vectorised()) {
      VectorQuarterSums.input(in, a11, a12, a21, a22, sums, to, apart, pixels);
      return;
    }
    for (int i = 0; i < pixels * BLOCK; i++) {
      float s1 = in[a21 + i] + in[a22 + i];
      float s2 = s1 - in[a11 + i];
      sums[to + i] = s1;
      sums[to + apart + i] = s2;
      sums[to + 2 * apart + i] = in[a11 + i] - in[a21 + i];
      sums[to + 3 * apart + i] = in[a12 + i] - s2;
    }
  }

  /**
   * Adds a product to two sums of a block of channels: to {@code second} in its place, and to
   * {@code third} on the way to the output.
   *
   * @param product where the product begins in {@code memory}, like the two sums
   * @param pixels how many pixels of each
   */
  static void output(
      float[] memory, int product, int second, int third, float[] out, int to, int pixels) {
    if (Lanes.vectorised()) {
      VectorQuarterSums.output(memory, product, second, third, out, to, pixels);
      return;
    }
    for (int i = 0; i < pixels * BLOCK; i++) {
      float added = memory[product + i];
      memory[second + i] += added;
      out[to + i] = memory[third + i] + added;
    }
  }
}
