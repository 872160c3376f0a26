package dev.lanewise.kernels.norm;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;

/** The loops of {@link VectorNorm} without the Vector API, in the same order of operations. */
final class ScalarNorm {

  private static final int BLOCK = Layout.BLOCK;

  private ScalarNorm() {}

  static void moments(float[] x, int from, int pixels, float[] moments, int at) {
    int end = from + pixels * BLOCK;
    for (int c = 0; c < BLOCK; c++) {
      float sum = 0;
      for (int i = from + c; i < end; i += BLOCK) {
        sum += x[i];
      }
      float mean = sum / pixels;
      float rest = 0;
      float squares = 0;
      for (int i = from + c; i < end; i += BLOCK) {
        float deviation = x[i] - mean;
        rest += deviation;
        squares = fma(deviation, deviation, squares);
      }
      float correction = rest / pixels;
      moments[at + c] = mean + correction;
      moments[at + BLOCK + c] = fma(-rest, correction, squares);
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
      y[from + i] = fma(x[from + i] - centre[c], scale[c], shift[c]);
    }
  }

  static void sums(
      float[] x, float[] dy, int from, int pixels, float[] centre, int at, float[] sums, int to) {
    int end = from + pixels * BLOCK;
    for (int c = 0; c < BLOCK; c++) {
      float plain = 0;
      float weighted = 0;
      for (int i = from + c; i < end; i += BLOCK) {
        plain += dy[i];
        weighted = fma(dy[i], x[i] - centre[at + c], weighted);
      }
      sums[to + c] = plain;
      sums[to + BLOCK + c] = weighted;
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
      float rest = fma(x[from + i] - centre[c], slope[c], shift[c]);
      dx[from + i] = fma(dy[from + i], scale[c], rest);
    }
  }

  /** Without FMA in the processor {@link Math#fma} would fall to BigDecimal. */
  private static float fma(float a, float b, float c) {
    return Lanes.FMA ? Math.fma(a, b, c) : a * b + c;
  }
}
