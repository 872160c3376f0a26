package dev.lanewise.kernels.pool;

import static dev.lanewise.kernels.Values.reals;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.parallel.Workers;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against transforms written out in double. */
class SpectralPoolingTest {

  @ParameterizedTest
  @CsvSource({"12, 9, 5, 4", "7, 16, 7, 16", "8, 10, 6, 3", "5, 33, 1, 18", "1, 20, 1, 7"})
  void outputIsTheTruncatedSpectrumTransformedBack(int h, int w, int outH, int outW) {
    int[] dims = {2, 18, h, w};
    float[] planar = reals(Layout.NCHW.length(dims), h);
    SpectralPooling pooling = SpectralPooling.of(dims, new int[] {outH, outW}, Workers.shared());
    float[] output = new float[Layout.NCHW16C.length(pooling.outputDims())];
    Arrays.fill(output, Float.NaN);
    pooling.run(Reorder.to(dims, Layout.NCHW, planar, Layout.NCHW16C), output);
    float[] actual = Reorder.to(pooling.outputDims(), Layout.NCHW16C, output, Layout.NCHW);
    for (int plane = 0; plane < 2 * 18; plane++) {
      double[] signal = new double[h * w];
      for (int i = 0; i < signal.length; i++) {
        signal[i] = planar[plane * h * w + i];
      }
      double[] expected = truncated(signal, h, w, outH, outW);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], actual[plane * outH * outW + i], 2e-6);
      }
    }
    for (int i = 0; i < output.length; i++) {
      boolean padding = i / 16 / (outH * outW) % 2 == 1 && i % 16 >= 2;
      assertTrue(!padding || output[i] == 0);
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3"})
  void backwardIsTheAdjoint(int axes) {
    int[] sizes = {6, 11, 20};
    int[] smaller = {4, 11, 9};
    int[] dims = new int[2 + axes];
    int[] outputSize = new int[axes];
    dims[0] = 2;
    dims[1] = 5;
    for (int i = 0; i < axes; i++) {
      dims[2 + i] = sizes[i];
      outputSize[i] = smaller[i];
    }
    try (Workers one = Workers.of(1);
        Workers three = Workers.of(3)) {
      SpectralPooling pooling = SpectralPooling.of(dims, outputSize, one);
      float[] x = blocked(dims, 1);
      float[] dy = blocked(pooling.outputDims(), 2);
      float[] y = new float[dy.length];
      float[] dx = new float[x.length];
      pooling.run(x, y);
      pooling.backward(dy, dx);
      assertEquals(dot(y, dy), dot(x, dx), 1e-5 * Math.sqrt(dot(x, x) * dot(dy, dy)));
      SpectralPooling threaded = SpectralPooling.of(dims, outputSize, three);
      float[] y3 = new float[y.length];
      float[] dx3 = new float[dx.length];
      threaded.run(x, y3);
      threaded.backward(dy, dx3);
      assertArrayEquals(y, y3);
      assertArrayEquals(dx, dx3);
    }
  }

  @Test
  void wavesThatAreKeptAreSampledMoreCoarsely() {
    int[] dims = {1, 1, 40};
    float[] wave = new float[40];
    for (int i = 0; i < 40; i++) {
      wave[i] =
          (float) (3 + Math.cos(2 * Math.PI * 2 * i / 40) + Math.sin(2 * Math.PI * 9 * i / 40));
    }
    SpectralPooling pooling = SpectralPooling.of(dims, new int[] {10}, Workers.shared());
    float[] output = new float[Layout.NCHW16C.length(pooling.outputDims())];
    pooling.run(Reorder.to(dims, Layout.NCHW, wave, Layout.NCHW16C), output);
    for (int j = 0; j < 10; j++) {
      assertEquals(3 + Math.cos(2 * Math.PI * 2 * j / 10), output[j * 16], 2e-6);
    }
  }

  @Test
  void emptyBatchPoolsNothing() {
    int[] dims = {0, 3, 8};
    SpectralPooling pooling = SpectralPooling.of(dims, new int[] {4}, Workers.shared());
    pooling.run(new float[0], new float[0]);
    pooling.backward(new float[0], new float[0]);
  }

  @Tag(SteadyState.TAG)
  @Test
  void steadyStateAllocatesNothing() {
    try (Workers one = Workers.of(1)) {
      SpectralPooling pooling = SpectralPooling.of(new int[] {1, 16, 8, 8}, new int[] {4, 4}, one);
      float[] x = new float[16 * 64];
      float[] y = new float[16 * 16];
      SteadyState.assertAllocatesNothing(
          () -> {
            pooling.run(x, y);
            pooling.backward(y, x);
          });
    }
  }

  @Test
  void wrongSizesAreRefusedWithRuleAndValues() {
    int[] dims = {1, 3, 8, 8};
    assertMessage(
        "output size 9 must be from 1 to the input's 8",
        () -> SpectralPooling.of(dims, new int[] {4, 9}, Workers.shared()));
    assertMessage(
        "needs an output size for each of 1 to 3 spatial axes, not [4]",
        () -> SpectralPooling.of(dims, new int[] {4}, Workers.shared()));
    SpectralPooling pooling = SpectralPooling.of(dims, new int[] {4, 4}, Workers.shared());
    assertMessage(
        "input needs 1024 floats, has 3", () -> pooling.run(new float[3], new float[256]));
  }

  /**
   * Transform, truncation, transform back. A frequency at half of an even output size also stands
   * for its negative; the mean of both is kept.
   */
  private static double[] truncated(double[] x, int h, int w, int outH, int outW) {
    double[] y = new double[outH * outW];
    for (int k = -(outH / 2); k <= outH / 2; k++) {
      for (int l = -(outW / 2); l <= outW / 2; l++) {
        double weight = (2 * Math.abs(k) == outH ? 0.5 : 1) * (2 * Math.abs(l) == outW ? 0.5 : 1);
        double re = 0;
        double im = 0;
        for (int row = 0; row < h; row++) {
          for (int column = 0; column < w; column++) {
            double angle = -2 * Math.PI * ((double) k * row / h + (double) l * column / w);
            re += x[row * w + column] * Math.cos(angle);
            im += x[row * w + column] * Math.sin(angle);
          }
        }
        for (int row = 0; row < outH; row++) {
          for (int column = 0; column < outW; column++) {
            double angle = 2 * Math.PI * ((double) k * row / outH + (double) l * column / outW);
            double real = re * Math.cos(angle) - im * Math.sin(angle);
            y[row * outW + column] += weight * real / x.length;
          }
        }
      }
    }
    return y;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static float[] blocked(int[] dims, long seed) {
    return Reorder.to(dims, Layout.NCHW, reals(Layout.NCHW.length(dims), seed), Layout.NCHW16C);
  }

  private static void assertMessage(String part, Executable action) {
    String message = assertThrows(IllegalArgumentException.class, action).getMessage();
    assertTrue(message.contains(part), message);
  }
}
