package dev.lanewise.kernels.fft;

import dev.lanewise.kernels.simd.Lanes;

/** The loops of {@link Spectra} without vectors: operation for operation {@link VectorSpectra}. */
final class ScalarSpectra {

  private static final int BLOCK = 16;

  private ScalarSpectra() {}

  static void separate(float[] z, int zBase, int size, float[] out, int base, int step, int b) {
    for (int c = 0; c < BLOCK; c++) {
      for (int k = 0; k <= size / 2; k++) {
        int from = zBase + c + k * Fft.COMPLEX;
        int mirror = zBase + c + (k == 0 ? 0 : size - k) * Fft.COMPLEX;
        int to = base + c + k * step;
        out[to] = z[from] + z[mirror];
        out[to + BLOCK] = z[from + BLOCK] - z[mirror + BLOCK];
        out[to + b] = z[from + BLOCK] + z[mirror + BLOCK];
        out[to + b + BLOCK] = z[mirror] - z[from];
      }
    }
  }

  static void join(float[] in, int base, int step, int b, float[] z, int zBase, int size) {
    for (int c = 0; c < BLOCK; c++) {
      for (int k = 0; k <= size / 2; k++) {
        int from = base + c + k * step;
        int to = zBase + c + k * Fft.COMPLEX;
        int mirror = zBase + c + (k == 0 ? 0 : size - k) * Fft.COMPLEX;
        z[mirror] = in[from] + in[from + b + BLOCK];
        z[mirror + BLOCK] = in[from + b] - in[from + BLOCK];
        z[to] = in[from] - in[from + b + BLOCK];
        z[to + BLOCK] = in[from + BLOCK] + in[from + b];
      }
    }
  }

  static void spread(float[] z, int zBase, float[] out, int base, int step, int turned, int count) {
    for (int c = 0; c < BLOCK; c++) {
      for (int i = 0; i < count; i++) {
        float re = z[zBase + c + i * Fft.COMPLEX];
        float im = z[zBase + c + i * Fft.COMPLEX + BLOCK];
        int to = base + c + i * step;
        out[to] = re;
        out[to + BLOCK] = im;
        out[to + turned] = -im;
        out[to + turned + BLOCK] = re;
      }
    }
  }

  static void multiplyAdd(
      float[] x, int xBase, float[] y, int yBase, int yStep, float[] sum, int base, int count) {
    for (int c = 0; c < BLOCK; c++) {
      for (int i = 0; i < count; i++) {
        float xr = x[xBase + c + i * Fft.COMPLEX];
        float xi = x[xBase + c + i * Fft.COMPLEX + BLOCK];
        float yr = y[yBase + c + i * yStep];
        float yi = y[yBase + c + i * yStep + BLOCK];
        int to = base + c + i * Fft.COMPLEX;
        sum[to] = Lanes.fma(-xi, yi, Lanes.fma(xr, yr, sum[to]));
        sum[to + BLOCK] = Lanes.fma(xi, yr, Lanes.fma(xr, yi, sum[to + BLOCK]));
      }
    }
  }

  static void addTo(
      float[] x, int xBase, int xStep, float[] bias, int biasBase, float[] out, int base, int n) {
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < BLOCK; c++) {
        out[base + i * BLOCK + c] = x[xBase + i * xStep + c] + bias[biasBase + c];
      }
    }
  }
}
