package dev.lanewise.kernels.fft;

import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.kernels.simd.WarmUp;

/**
 * Arithmetic on spectra of 16 channels, whose elements are {@code [real 16][imaginary 16]}, on
 * lanes where the machine has them.
 */
final class Spectra {

  /** Elements for a warm-up, and more than its calls take once they are compiled. */
  private static final int WARM_ELEMENTS = 32;

  private static final long COMPILED_NANOS = 20_000;

  private Spectra() {}

  /** Calls all methods until they are compiled. */
  static void warmUp() {
    if (!Lanes.vectorised()) {
      return;
    }
    int c = Fft.COMPLEX;
    float[] x = new float[2 * WARM_ELEMENTS * c];
    float[] y = new float[x.length];
    WarmUp.drive(
        () -> {
          separate(x, 0, WARM_ELEMENTS, y, 0, 2 * c, c);
          join(x, 0, 2 * c, c, y, 0, WARM_ELEMENTS);
          spread(x, 0, y, 0, 2 * c, c, WARM_ELEMENTS);
          multiplyAdd(x, 0, x, 0, c, y, 0, WARM_ELEMENTS);
          addTo(x, 0, c, x, 0, y, 0, WARM_ELEMENTS);
        },
        COMPILED_NANOS);
  }

  /**
   * Takes the transform of {@code a + i b}, of {@code size} elements, apart into twice the
   * transforms of the real signals a and b, of {@code size / 2 + 1} elements each.
   *
   * @param step floats from one element of a result to the next
   * @param b where b's result begins, from where a's does
   */
  static void separate(float[] z, int zBase, int size, float[] out, int base, int step, int b) {
    if (Lanes.vectorised()) {
      VectorSpectra.separate(z, zBase, size, out, base, step, b);
    } else {
      ScalarSpectra.separate(z, zBase, size, out, base, step, b);
    }
  }

  /** Puts the transforms of two real signals together to the one of {@code a + i b}. */
  static void join(float[] in, int base, int step, int b, float[] z, int zBase, int size) {
    if (Lanes.vectorised()) {
      VectorSpectra.join(in, base, step, b, z, zBase, size);
    } else {
      ScalarSpectra.join(in, base, step, b, z, zBase, size);
    }
  }

  /**
   * Copies complex elements, each to a pair {@code (re, im)} and a pair {@code (-im, re)}, so that
   * a complex product is two real ones.
   *
   * @param step floats from one result to the next
   * @param turned where the second pair lies, from the first
   */
  static void spread(float[] z, int zBase, float[] out, int base, int step, int turned, int count) {
    if (Lanes.vectorised()) {
      VectorSpectra.spread(z, zBase, out, base, step, turned, count);
    } else {
      ScalarSpectra.spread(z, zBase, out, base, step, turned, count);
    }
  }

  /**
   * Adds products of complex elements to others: {@code sum += x y}.
   *
   * @param yStep floats from one element of y to the next
   */
  static void multiplyAdd(
      float[] x, int xBase, float[] y, int yBase, int yStep, float[] sum, int base, int count) {
    if (Lanes.vectorised()) {
      VectorSpectra.multiplyAdd(x, xBase, y, yBase, yStep, sum, base, count);
    } else {
      ScalarSpectra.multiplyAdd(x, xBase, y, yBase, yStep, sum, base, count);
    }
  }

  /** Copies blocks of 16 that lie {@code xStep} apart, with 16 values added to each. */
  static void addTo(
      float[] x, int xBase, int xStep, float[] bias, int biasBase, float[] out, int base, int n) {
    if (Lanes.vectorised()) {
      VectorSpectra.addTo(x, xBase, xStep, bias, biasBase, out, base, n);
    } else {
      ScalarSpectra.addTo(x, xBase, xStep, bias, biasBase, out, base, n);
    }
  }
}
