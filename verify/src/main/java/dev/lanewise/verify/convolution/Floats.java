package dev.lanewise.verify.convolution;

import java.util.Arrays;

/** Arrays of floats, and what is made of them. */
final class Floats {

  private Floats() {}

  /** NaNs, so that an element that is not written shows. */
  static float[] unset(int length) {
    float[] values = new float[length];
    Arrays.fill(values, Float.NaN);
    return values;
  }

  /** The same numbers as doubles. */
  static double[] doubles(float[] floats) {
    double[] values = new double[floats.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = floats[i];
    }
    return values;
  }

  /** Absolute values. */
  static float[] magnitudes(float[] floats) {
    float[] values = new float[floats.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.abs(floats[i]);
    }
    return values;
  }

  /** The scalar product, in double precision. */
  static double product(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
