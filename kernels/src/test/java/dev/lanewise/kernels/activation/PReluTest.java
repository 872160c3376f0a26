package dev.lanewise.kernels.activation;

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

class PReluTest {

  private static final int[] DIMS = {2, 19, 20, 15};

  @Test
  void eachChannelHasItsSlopeAndItsGradient() {
    Random random = new Random(8);
    float[] x = new float[Layout.NCHW.length(DIMS)];
    float[] dy = new float[x.length];
    float[] slope = new float[19];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
      dy[i] = (float) random.nextGaussian();
    }
    for (int c = 0; c < 19; c++) {
      slope[c] = c / 19f - 0.3f;
    }
    float[] expected = new float[x.length];
    float[] expectedDx = new float[x.length];
    double[] expectedSlope = new double[19];
    for (int i = 0; i < x.length; i++) {
      int c = i / 300 % 19;
      expected[i] = x[i] > 0 ? x[i] : slope[c] * x[i];
      expectedDx[i] = x[i] > 0 ? dy[i] : slope[c] * dy[i];
      expectedSlope[c] += x[i] > 0 ? 0 : (double) x[i] * dy[i];
    }
    float[][] slopes = new float[2][19];
    for (int t = 0; t < 2; t++) {
      try (Workers workers = Workers.of(1 + 2 * t)) {
        PRelu prelu = PRelu.of(DIMS, workers);
        float[] blocked = blocked(x);
        float[] y = new float[prelu.length()];
        prelu.run(blocked, slope, y);
        assertArrayEquals(blocked(expected), y);
        float[] dx = blocked(dy);
        prelu.backward(blocked, slope, dx, dx, slopes[t]);
        assertArrayEquals(blocked(expectedDx), dx);
      }
    }
    assertArrayEquals(slopes[0], slopes[1]);
    for (int c = 0; c < 19; c++) {
      assertEquals(expectedSlope[c], slopes[0][c], 1e-4);
    }
  }

  @Test
  void emptyBatchesAndWrongOperands() {
    PRelu empty = PRelu.of(new int[] {0, 2, 3}, Workers.shared());
    float[] dSlope = {1, 1};
    empty.backward(new float[0], dSlope, new float[0], new float[0], dSlope);
    assertArrayEquals(new float[2], dSlope);
    float[] none = {};
    assertThrows(IllegalArgumentException.class, () -> empty.run(none, none, none));
  }

  @Tag(SteadyState.TAG)
  @Test
  void aSteadyStateAllocatesNothing() {
    try (Workers one = Workers.of(1)) {
      PRelu prelu = PRelu.of(new int[] {1, 16, 4}, one);
      float[] x = new float[64];
      float[] slope = new float[16];
      SteadyState.assertAllocatesNothing(
          () -> {
            prelu.run(x, slope, x);
            prelu.backward(x, slope, x, x, slope);
          });
    }
  }

  private static float[] blocked(float[] planar) {
    return Reorder.to(DIMS, Layout.NCHW, planar, Layout.NCHW16C);
  }
}
