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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SoftmaxTest {

  private static double[] exact(boolean log, double... x) {
    double max = Double.NEGATIVE_INFINITY;
    for (double value : x) {
      max = Math.max(max, value);
    }
    double sum = 0;
    for (double value : x) {
      sum += Math.exp(value - max);
    }
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = log ? x[i] - max - Math.log(sum) : Math.exp(x[i] - max) / sum;
    }
    return y;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 15, 16, 30, 36})
  void aValueFarAboveTheOthersTakesAll(int place) {
    float[] x = new float[37];
    x[place] = 500;
    float[] y = new float[x.length];
    Softmax.rows(1, x.length, false, Workers.shared()).run(x, y);
    for (int i = 0; i < y.length; i++) {
      assertEquals(i == place ? 1 : 0, y[i]);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,false", "10,false", "16,false", "37,false", "10,true", "16,true", "37,true"})
  void rowsFollowTheDefinition(int columns, boolean log) {
    Random random = new Random(columns);
    int rows = 5;
    float[] x = new float[rows * columns];
    float[] dy = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (random.nextGaussian() * 10 + 1000 * (i / columns));
      dy[i] = (float) random.nextGaussian();
    }
    Softmax softmax = Softmax.rows(rows, columns, log, Workers.shared());
    float[] y = new float[x.length];
    float[] dx = new float[x.length];
    softmax.run(x, y);
    softmax.backward(y, dy, dx);
    for (int row = 0; row < rows; row++) {
      double[] values = new double[columns];
      for (int c = 0; c < columns; c++) {
        values[c] = x[row * columns + c];
      }
      double[] expected = exact(log, values);
      for (int c = 0; c < columns; c++) {
        int i = row * columns + c;
        // The distance from the greatest value, below 64, is rounded by up to 1.9e-6, which is then
        // the relative error of its exponential.
        double relative = log ? 5e-7 : 2.5e-6;
        assertEquals(expected[c], y[i], relative * Math.max(Math.abs(expected[c]), log ? 1 : 0));
        double kept = values[c];
        values[c] = kept + 1e-5;
        double[] above = exact(log, values);
        values[c] = kept - 1e-5;
        double[] below = exact(log, values);
        values[c] = kept;
        double slope = 0;
        for (int j = 0; j < columns; j++) {
          slope += dy[row * columns + j] * (above[j] - below[j]) / 2e-5;
        }
        assertEquals(slope, dx[i], 2e-5);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"3,false", "16,false", "21,false", "21,true", "40,true"})
  void channelsOfAPixelAreARow(int channels, boolean log) {
    int[] dims = {2, channels, 3, 5};
    Random random = new Random(2);
    float[] rows = new float[30 * channels];
    float[] gradients = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian() * 3;
      gradients[i] = (float) random.nextGaussian();
    }
    float[] expected = new float[rows.length];
    float[] expectedDx = new float[rows.length];
    Softmax dense = Softmax.rows(30, channels, log, Workers.shared());
    dense.run(rows, expected);
    dense.backward(expected, gradients, expectedDx);
    try (Workers three = Workers.of(3)) {
      Softmax softmax = Softmax.channels(dims, log, three);
      float[] y = new float[softmax.length()];
      softmax.run(Reorder.to(dims, Layout.NHWC, rows, Layout.NCHW16C), y);
      assertArrayEquals(Reorder.to(dims, Layout.NHWC, expected, Layout.NCHW16C), y);
      float[] dx = Reorder.to(dims, Layout.NHWC, gradients, Layout.NCHW16C);
      softmax.backward(y, dx, dx);
      assertArrayEquals(Reorder.to(dims, Layout.NHWC, expectedDx, Layout.NCHW16C), dx);
    }
  }

  @Test
  void emptyBatchesAndWrongOperands() {
    Workers workers = Workers.shared();
    Softmax.rows(0, 4, false, workers).run(new float[0], new float[0]);
    Softmax.channels(new int[] {0, 4, 2}, true, workers).run(new float[0], new float[0]);
    assertThrows(IllegalArgumentException.class, () -> Softmax.rows(1, 0, false, workers));
    Softmax softmax = Softmax.rows(1, 4, false, workers);
    assertThrows(IllegalArgumentException.class, () -> softmax.run(new float[3], new float[4]));
  }

  @Tag(SteadyState.TAG)
  @Test
  void aSteadyStateAllocatesNothing() {
    try (Workers one = Workers.of(1)) {
      Softmax plain = Softmax.rows(3, 21, false, one);
      Softmax log = Softmax.channels(new int[] {1, 21, 2}, true, one);
      float[] x = new float[63];
      float[] blocked = new float[64];
      SteadyState.assertAllocatesNothing(
          () -> {
            plain.run(x, x);
            plain.backward(x, x, x);
            log.run(blocked, blocked);
            log.backward(blocked, blocked, blocked);
          });
    }
  }
}
