package dev.lanewise.kernels.norm;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;

/** The loops of {@link VectorNorm} without the Vector API, in the same order of operations. */
final class ScalarNorm {

  private static final int BLOCK = Layout.BLOCK;

  private ScalarNorm() {}

  static void moments(float[] x, int from, int pixels, float[] moments, int at) {
    for (int c = 0; c < BLOCK; c++) {
      Chains sum = new Chains(pixels);
      for (int p = 0; p < pixels; p++) {
        sum.add(p, x[from + p * BLOCK + c]);
      }
      float mean = sum.total() / pixels;
      Chains rest = new Chains(pixels);
      Chains squares = new Chains(pixels);
      for (int p = 0; p < pixels; p++) {
        float deviation = x[from + p * BLOCK + c] - mean;
        rest.add(p, deviation);
        squares.addProduct(p, deviation, deviation);
      }
      float correction = rest.total() / pixels;
      moments[at + c] = mean + correction;
      moments[at + BLOCK + c] = Lanes.fma(-rest.total(), correction, squares.total());
    }
  }

  static void apply(
      float[] x,
      int from,
      int pixels,
      float[] centre,
      float[] scale,
      float[] shift,
      int at,
      float[] y) {
    for (int i = 0; i < pixels * BLOCK; i++) {
      int c = at + i % BLOCK;
      y[from + i] = Lanes.fma(x[from + i] - centre[c], scale[c], shift[c]);
    }
  }

  static void sums(
      float[] x, float[] dy, int from, int pixels, float[] centre, int at, float[] sums, int to) {
    for (int c = 0; c < BLOCK; c++) {
      Chains weighted = new Chains(pixels);
      for (int p = 0; p < pixels; p++) {
        int i = from + p * BLOCK + c;
        weighted.addProduct(p, dy[i], x[i] - centre[at + c]);
      }
      sums[to + c] = compensatedSum(dy, from + c, pixels);
      sums[to + BLOCK + c] = weighted.total();
    }
  }

  /** Four pixels at a time, and one at a time those after the last whole four. */
  private static float compensatedSum(float[] values, int from, int pixels) {
    float sum = 0;
    float excess = 0;
    int step;
    for (int p = 0; p < pixels; p += step) {
      int i = from + p * BLOCK;
      step = p + 4 <= pixels ? 4 : 1;
      float part =
          step == 1
              ? values[i]
              : (values[i] + values[i + BLOCK]) + (values[i + 2 * BLOCK] + values[i + 3 * BLOCK]);
      float compensated = part - excess;
      float next = sum + compensated;
      excess = next - sum - compensated;
      sum = next;
    }
    return sum - excess;
  }

  /** Four sums, of every fourth pixel; the pixels after the last whole four go to the first. */
  private static final class Chains {
    private final int fours;
    private float sum0;
    private float sum1;
    private float sum2;
    private float sum3;

    Chains(int pixels) {
      fours = pixels / 4 * 4;
    }

    void add(int pixel, float value) {
      switch (pixel < fours ? pixel % 4 : 0) {
        case 0 -> sum0 += value;
        case 1 -> sum1 += value;
        case 2 -> sum2 += value;
        default -> sum3 += value;
      }
    }

    void addProduct(int pixel, float a, float b) {
      switch (pixel < fours ? pixel % 4 : 0) {
        case 0 -> sum0 = Lanes.fma(a, b, sum0);
        case 1 -> sum1 = Lanes.fma(a, b, sum1);
        case 2 -> sum2 = Lanes.fma(a, b, sum2);
        default -> sum3 = Lanes.fma(a, b, sum3);
      }
    }

    float total() {
      return sum0 + sum1 + (sum2 + sum3);
    }
  }

  static void gradient(
      float[] x,
      float[] dy,
      int from,
      int pixels,
      float[] centre,
      float[] scale,
      float[] slope,
      float[] shift,
      int at,
      float[] dx) {
    for (int i = 0; i < pixels * BLOCK; i++) {
      int c = at + i % BLOCK;
      float rest = Lanes.fma(x[from + i] - centre[c], slope[c], shift[c]);
      dx[from + i] = Lanes.fma(dy[from + i], scale[c], rest);
    }
  }
}
