package dev.lanewise.kernels.fft;

import dev.lanewise.kernels.simd.Lanes;

/** The passes of {@link Fft} without vectors: operation for operation {@link VectorPasses}. */
final class ScalarPasses {

  private static final int BLOCK = 16;
  private static final float SINE = (float) Math.sqrt(0.75);

  private ScalarPasses() {}

  private static float fma(float a, float b, float c) {
    return Lanes.FMA ? Math.fma(a, b, c) : a * b + c;
  }

  /** Butterflies of two elements. */
  static void radix2(
      int re,
      int im,
      float[] x,
      int xBase,
      int xs,
      float[] y,
      int yBase,
      int ys,
      float[] w,
      int span,
      int count) {
    for (int c = 0; c < BLOCK; c++) {
      int part = im - re;
      int far = span * count * xs;
      int next = span * ys;
      for (int p = 0; p < count; p++) {
        float wr1 = w[p * 3 + 0];
        float wi1 = w[p * 3 + 1];
        float wn1 = w[p * 3 + 2];
        int from = xBase + re + c + p * span * xs;
        int to = yBase + re + c + 2 * p * span * ys;
        for (int q = 0; q < span; q++) {
          float r0 = x[from];
          float i0 = x[from + part];
          float r1 = x[from + far];
          float i1 = x[from + far + part];
          y[to] = (r0 + r1);
          y[to + part] = (i0 + i1);
          float zr = (r0 - r1);
          float zi = (i0 - i1);
          y[to + next] = fma(zr, wr1, zi * wn1);
          y[to + next + part] = fma(zi, wr1, zr * wi1);
          from += xs;
          to += ys;
        }
      }
    }
  }

  /** Butterflies of three elements. */
  static void radix3(
      int re,
      int im,
      float[] x,
      int xBase,
      int xs,
      float[] y,
      int yBase,
      int ys,
      float[] w,
      int span,
      int count) {
    for (int c = 0; c < BLOCK; c++) {
      int part = im - re;
      float half = -0.5f;
      float sine = SINE;
      int far = span * count * xs;
      int next = span * ys;
      for (int p = 0; p < count; p++) {
        float wr1 = w[p * 6 + 0];
        float wi1 = w[p * 6 + 1];
        float wn1 = w[p * 6 + 2];
        float wr2 = w[p * 6 + 3];
        float wi2 = w[p * 6 + 4];
        float wn2 = w[p * 6 + 5];
        int from = xBase + re + c + p * span * xs;
        int to = yBase + re + c + 3 * p * span * ys;
        for (int q = 0; q < span; q++) {
          float r0 = x[from];
          float i0 = x[from + part];
          float r1 = x[from + far];
          float i1 = x[from + far + part];
          float r2 = x[from + 2 * far];
          float i2 = x[from + 2 * far + part];
          float sr = (r1 + r2);
          float si = (i1 + i2);
          y[to] = (r0 + sr);
          y[to + part] = (i0 + si);
          float mr = fma(sr, half, r0);
          float mi = fma(si, half, i0);
          float dr = (r1 - r2) * sine;
          float di = (i1 - i2) * sine;
          float ur = (mr + di);
          float ui = (mi - dr);
          float vr = (mr - di);
          float vi = (mi + dr);
          y[to + next] = fma(ur, wr1, ui * wn1);
          y[to + next + part] = fma(ui, wr1, ur * wi1);
          y[to + 2 * next] = fma(vr, wr2, vi * wn2);
          y[to + 2 * next + part] = fma(vi, wr2, vr * wi2);
          from += xs;
          to += ys;
        }
      }
    }
  }

  /** Butterflies of four elements. */
  static void radix4(
      int re,
      int im,
      float[] x,
      int xBase,
      int xs,
      float[] y,
      int yBase,
      int ys,
      float[] w,
      int span,
      int count) {
    for (int c = 0; c < BLOCK; c++) {
      int part = im - re;
      int far = span * count * xs;
      int next = span * ys;
      for (int p = 0; p < count; p++) {
        float wr1 = w[p * 9 + 0];
        float wi1 = w[p * 9 + 1];
        float wn1 = w[p * 9 + 2];
        float wr2 = w[p * 9 + 3];
        float wi2 = w[p * 9 + 4];
        float wn2 = w[p * 9 + 5];
        float wr3 = w[p * 9 + 6];
        float wi3 = w[p * 9 + 7];
        float wn3 = w[p * 9 + 8];
        int from = xBase + re + c + p * span * xs;
        int to = yBase + re + c + 4 * p * span * ys;
        for (int q = 0; q < span; q++) {
          float r0 = x[from];
          float i0 = x[from + part];
          float r1 = x[from + far];
          float i1 = x[from + far + part];
          float r2 = x[from + 2 * far];
          float i2 = x[from + 2 * far + part];
          float r3 = x[from + 3 * far];
          float i3 = x[from + 3 * far + part];
          float ar = (r0 + r2);
          float ai = (i0 + i2);
          float br = (r1 + r3);
          float bi = (i1 + i3);
          float cr = (r0 - r2);
          float ci = (i0 - i2);
          float dr = (r1 - r3);
          float di = (i1 - i3);
          y[to] = (ar + br);
          y[to + part] = (ai + bi);
          float zr1 = (cr + di);
          float zi1 = (ci - dr);
          y[to + next] = fma(zr1, wr1, zi1 * wn1);
          y[to + next + part] = fma(zi1, wr1, zr1 * wi1);
          float zr2 = (ar - br);
          float zi2 = (ai - bi);
          y[to + 2 * next] = fma(zr2, wr2, zi2 * wn2);
          y[to + 2 * next + part] = fma(zi2, wr2, zr2 * wi2);
          float zr3 = (cr - di);
          float zi3 = (ci + dr);
          y[to + 3 * next] = fma(zr3, wr3, zi3 * wn3);
          y[to + 3 * next + part] = fma(zi3, wr3, zr3 * wi3);
          from += xs;
          to += ys;
        }
      }
    }
  }

  /** Butterflies of four elements, all twiddle factors 1. */
  static void lastRadix4(
      int re, int im, float[] x, int xBase, int xs, float[] y, int yBase, int ys, int span) {
    for (int c = 0; c < BLOCK; c++) {
      int part = im - re;
      int far = span * xs;
      int next = span * ys;
      int from = xBase + re + c;
      int to = yBase + re + c;
      for (int q = 0; q < span; q++) {
        float r0 = x[from];
        float i0 = x[from + part];
        float r1 = x[from + far];
        float i1 = x[from + far + part];
        float r2 = x[from + 2 * far];
        float i2 = x[from + 2 * far + part];
        float r3 = x[from + 3 * far];
        float i3 = x[from + 3 * far + part];
        float ar = (r0 + r2);
        float ai = (i0 + i2);
        float br = (r1 + r3);
        float bi = (i1 + i3);
        float cr = (r0 - r2);
        float ci = (i0 - i2);
        float dr = (r1 - r3);
        float di = (i1 - i3);
        y[to] = (ar + br);
        y[to + part] = (ai + bi);
        y[to + next] = (cr + di);
        y[to + next + part] = (ci - dr);
        y[to + 2 * next] = (ar - br);
        y[to + 2 * next + part] = (ai - bi);
        y[to + 3 * next] = (cr - di);
        y[to + 3 * next + part] = (ci + dr);
        from += xs;
        to += ys;
      }
    }
  }
}
