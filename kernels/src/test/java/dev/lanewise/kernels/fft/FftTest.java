package dev.lanewise.kernels.fft;

import static dev.lanewise.kernels.Values.reals;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernels.simd.Lanes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transforms against their definition in double. */
class FftTest {

  @ParameterizedTest
  @ValueSource(
      ints = {1, 2, 3, 4, 6, 8, 9, 12, 16, 18, 24, 27, 32, 36, 48, 54, 64, 81, 96, 108, 256})
  void transformIsThatOfTheDefinition(int size) {
    Fft fft = Fft.of(size);
    assertEquals(size, fft.size());
    float[] signal = reals(size * Fft.COMPLEX, size);
    float[] work = new float[fft.workFloats()];
    for (boolean inverse : new boolean[] {false, true}) {
      float[] spectrum = new float[signal.length];
      fft.run(inverse, signal, 0, Fft.COMPLEX, spectrum, 0, Fft.COMPLEX, work, 0);
      double worst = 0;
      double squares = 0;
      for (int k = 0; k < size; k++) {
        for (int c = 0; c < 16; c++) {
          double[] expected = definition(signal, size, k, c, inverse);
          double re = spectrum[k * Fft.COMPLEX + c] - expected[0];
          double im = spectrum[k * Fft.COMPLEX + 16 + c] - expected[1];
          worst = Math.max(worst, Math.hypot(re, im));
          squares += expected[0] * expected[0] + expected[1] * expected[1];
        }
      }
      double rms = Math.sqrt(squares / (16 * size));
      assertTrue(worst <= 1e-6 * rms * (1 + Math.log(size)), "worst error " + worst);
    }
  }

  @Test
  void stridesPlaceElementsAndLeaveTheRestAlone() {
    Fft fft = Fft.of(12);
    float[] signal = reals(12 * Fft.COMPLEX, 1);
    float[] work = new float[fft.workFloats()];
    float[] expected = new float[signal.length];
    fft.run(false, signal, 0, Fft.COMPLEX, expected, 0, Fft.COMPLEX, work, 0);
    float[] wide = new float[5 + 12 * 40];
    for (int i = 0; i < 12; i++) {
      System.arraycopy(signal, i * Fft.COMPLEX, wide, 5 + i * 40, Fft.COMPLEX);
    }
    float[] out = new float[7 + 12 * 50];
    fft.run(false, wide, 5, 40, out, 7, 50, work, 0);
    for (int i = 0; i < out.length; i++) {
      int within = (i - 7) % 50;
      boolean written = i >= 7 && within < Fft.COMPLEX;
      assertEquals(written ? expected[(i - 7) / 50 * Fft.COMPLEX + within] : 0f, out[i]);
    }
  }

  @Test
  void scalarPassesGiveTheBitsOfTheVectors() {
    assumeTrue(Lanes.vectorised());
    float[] x = reals(48 * Fft.COMPLEX, 3);
    float[] w = reals(3 * 3 * 12, 4);
    float[][] y = new float[8][x.length];
    VectorPasses.radix2(0, 16, x, 0, 32, y[0], 0, 32, w, 4, 6);
    ScalarPasses.radix2(0, 16, x, 0, 32, y[1], 0, 32, w, 4, 6);
    VectorPasses.radix3(16, 0, x, 0, 32, y[2], 0, 32, w, 4, 4);
    ScalarPasses.radix3(16, 0, x, 0, 32, y[3], 0, 32, w, 4, 4);
    VectorPasses.radix4(0, 16, x, 0, 32, y[4], 0, 32, w, 1, 12);
    ScalarPasses.radix4(0, 16, x, 0, 32, y[5], 0, 32, w, 1, 12);
    VectorPasses.lastRadix4(16, 0, x, 0, 32, y[6], 0, 32, w, 12, 1);
    ScalarPasses.lastRadix4(16, 0, x, 0, 32, y[7], 0, 32, w, 12, 1);
    for (int i = 0; i < y.length; i += 2) {
      assertArrayEquals(y[i], y[i + 1]);
    }
  }

  @Test
  void scalarSpectraGiveTheBitsOfTheVectors() {
    assumeTrue(Lanes.vectorised());
    float[] z = reals(9 * Fft.COMPLEX, 5);
    float[] u = reals(9 * 2 * Fft.COMPLEX, 6);
    float[][] y = new float[2][2000];
    VectorSpectra.separate(z, 0, 9, y[0], 0, 96, 32);
    ScalarSpectra.separate(z, 0, 9, y[1], 0, 96, 32);
    VectorSpectra.join(u, 0, 64, 32, y[0], 500, 8);
    ScalarSpectra.join(u, 0, 64, 32, y[1], 500, 8);
    VectorSpectra.spread(z, 0, y[0], 800, 100, 40, 9);
    ScalarSpectra.spread(z, 0, y[1], 800, 100, 40, 9);
    VectorSpectra.multiplyAdd(z, 0, u, 0, 64, y[0], 0, 9);
    ScalarSpectra.multiplyAdd(z, 0, u, 0, 64, y[1], 0, 9);
    VectorSpectra.addTo(z, 0, 32, u, 16, y[0], 1800, 9);
    ScalarSpectra.addTo(z, 0, 32, u, 16, y[1], 1800, 9);
    assertArrayEquals(y[0], y[1]);
  }

  @Test
  void sizesAreProductsOfTwoAndThree() {
    assertTrue(Fft.supports(1 << 20) && Fft.supports(54) && Fft.supports(1));
    assertFalse(Fft.supports(0) || Fft.supports(10) || Fft.supports(1 << 21));
    assertEquals(27, Fft.sizeFor(25));
    assertEquals(5, Fft.of(8).half());
    String message = assertThrows(IllegalArgumentException.class, () -> Fft.of(7)).getMessage();
    assertTrue(message.contains("2^a 3^b, at most 2^20, not 7"), message);
  }

  private static double[] definition(float[] signal, int size, int k, int lane, boolean inverse) {
    double re = 0;
    double im = 0;
    for (int j = 0; j < size; j++) {
      double angle = (inverse ? 2 : -2) * Math.PI * (k * j % size) / size;
      double xr = signal[j * Fft.COMPLEX + lane];
      double xi = signal[j * Fft.COMPLEX + 16 + lane];
      re += xr * Math.cos(angle) - xi * Math.sin(angle);
      im += xr * Math.sin(angle) + xi * Math.cos(angle);
    }
    return new double[] {re, im};
  }
}
