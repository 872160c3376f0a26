package dev.lanewise.kernels.norm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.parallel.Workers;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalResponseNormTest {

  private static final int[] DIMS = {2, 21, 3, 2};

  private static double[] exact(double[] x, int size, double alpha, double beta, double bias) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int channel = i / 6 % 21;
      double sum = 0;
      for (int c = channel - (size - 1) / 2; c <= channel + size / 2; c++) {
        double value = c < 0 || c >= 21 ? 0 : x[i + (c - channel) * 6];
        sum += value * value;
      }
      y[i] = x[i] * Math.pow(bias + alpha / size * sum, -beta);
    }
    return y;
  }

  @ParameterizedTest
  @CsvSource({"5,1e-4,0.75,1", "3,0.5,0.5,2", "4,2,1.5,0.5", "1,1,0.75,1", "99,1,0.75,1"})
  void normalisesLikeTheDefinition(int size, float alpha, float beta, float bias) {
    Random random = new Random(6);
    double[] x = new double[2 * 21 * 6];
    float[] planar = new float[x.length];
    float[] gradient = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      planar[i] = (float) random.nextGaussian();
      x[i] = planar[i];
      gradient[i] = (float) random.nextGaussian();
    }
    LocalResponseNorm norm = LocalResponseNorm.of(DIMS, size, alpha, beta, bias, Workers.shared());
    float[] blocked = Reorder.to(DIMS, Layout.NCHW, planar, Layout.NCHW16C);
    float[] dy = Reorder.to(DIMS, Layout.NCHW, gradient, Layout.NCHW16C);
    float[] y = new float[norm.length()];
    norm.run(blocked, y);
    float[] result = Reorder.to(DIMS, Layout.NCHW16C, y, Layout.NCHW);
    assertArrayEquals(y, Reorder.to(DIMS, Layout.NCHW, result, Layout.NCHW16C));
    double[] expected = exact(x, size, alpha, beta, bias);
    for (int i = 0; i < x.length; i++) {
      assertEquals(expected[i], result[i], 1e-6 * Math.max(1, Math.abs(expected[i])));
    }
    norm.backward(blocked, dy, dy);
    float[] dx = Reorder.to(DIMS, Layout.NCHW16C, dy, Layout.NCHW);
    assertArrayEquals(dy, Reorder.to(DIMS, Layout.NCHW, dx, Layout.NCHW16C));
    for (int i = 0; i < x.length; i += 3) {
      double kept = x[i];
      x[i] = kept + 1e-5;
      double[] above = exact(x, size, alpha, beta, bias);
      x[i] = kept - 1e-5;
      double[] below = exact(x, size, alpha, beta, bias);
      x[i] = kept;
      double slope = 0;
      for (int j = 0; j < x.length; j++) {
        slope += gradient[j] * (above[j] - below[j]) / 2e-5;
      }
      assertEquals(slope, dx[i], 1e-5);
    }
  }

  @Test
  void threadsChangeNoBit() {
    float[] x = new float[2 * 32 * 6];
    for (int i = 0; i < x.length; i++) {
      x[i] = i % 16 < 5 || i / 16 / 6 % 2 == 0 ? i % 13 - 6 : 0;
    }
    float[][] y = new float[2][x.length];
    for (int i = 0; i < 2; i++) {
      try (Workers workers = Workers.of(1 + 2 * i)) {
        LocalResponseNorm.of(DIMS, 5, 1, 0.75f, 1, workers).run(x, y[i]);
      }
    }
    assertArrayEquals(y[0], y[1]);
  }

  @Test
  void emptyBatchesAndWrongParameters() {
    Workers workers = Workers.shared();
    LocalResponseNorm.of(new int[] {0, 3, 2}, 3, 1, 1, 1, workers).run(new float[0], new float[0]);
    assertThrows(
        IllegalArgumentException.class, () -> LocalResponseNorm.of(DIMS, 0, 1, 1, 1, workers));
    assertThrows(
        IllegalArgumentException.class, () -> LocalResponseNorm.of(DIMS, 3, 1, 1, 0, workers));
  }

  @Tag(SteadyState.TAG)
  @Test
  void aSteadyStateAllocatesNothing() {
    try (Workers one = Workers.of(1)) {
      LocalResponseNorm norm = LocalResponseNorm.of(DIMS, 5, 1, 0.75f, 1, one);
      float[] x = new float[norm.length()];
      float[] y = new float[norm.length()];
      SteadyState.assertAllocatesNothing(
          () -> {
            norm.run(x, y);
            norm.backward(x, y, y);
          });
    }
  }
}
