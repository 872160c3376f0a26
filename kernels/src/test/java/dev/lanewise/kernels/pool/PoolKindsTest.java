package dev.lanewise.kernels.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.kernels.simd.Lanes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolKindsTest {

  private static final Workers WORKERS = Workers.shared();

  /** Two dimensions, padded unevenly, dilated in one, strided, rounded up. */
  private static final PoolShape SHAPE =
      new PoolShape(2, 18, List.of(new Axis(7, 3, 2, 1, 0, 1), new Axis(11, 3, 2, 0, 2, 2)), true);

  /** The windows of a plane by the definition: for each, the pixels that lie in it. */
  private static List<List<Integer>> windows(PoolShape shape) {
    Axis h = shape.axes().get(0);
    Axis w = shape.axes().get(1);
    List<List<Integer>> windows = new ArrayList<>();
    for (int i = 0; i < shape.output(0); i++) {
      for (int j = 0; j < shape.output(1); j++) {
        List<Integer> window = new ArrayList<>();
        for (int k = 0; k < h.kernel(); k++) {
          for (int l = 0; l < w.kernel(); l++) {
            int y = i * h.stride() - h.padBefore() + k * h.dilation();
            int x = j * w.stride() - w.padBefore() + l * w.dilation();
            if (y >= 0 && y < h.input() && x >= 0 && x < w.input()) {
              window.add(y * w.input() + x);
            }
          }
        }
        windows.add(window);
      }
    }
    return windows;
  }

  private static List<List<Integer>> adaptiveWindows(int height, int width, int rows, int columns) {
    List<List<Integer>> windows = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        List<Integer> window = new ArrayList<>();
        for (int y = i * height / rows; y < Math.ceilDiv((i + 1) * height, rows); y++) {
          for (int x = j * width / columns; x < Math.ceilDiv((j + 1) * width, columns); x++) {
            window.add(y * width + x);
          }
        }
        windows.add(window);
      }
    }
    return windows;
  }

  /** Compares values, and gradients with difference quotients, of a pooling of each window. */
  private static void check(
      PoolPlan plan,
      List<List<Integer>> windows,
      Function<Integer, ToDoubleFunction<double[]>> ofChannel) {
    int[] dims = plan.inputDims();
    float[] x = distinct(Layout.NCHW.length(dims));
    float[] dy = distinct(Layout.NCHW.length(plan.outputDims()));
    float[] blocked = Reorder.to(dims, Layout.NCHW, x, Layout.NCHW16C);
    float[] output = new float[plan.outputLength()];
    float[] gradient = new float[plan.inputLength()];
    plan.run(blocked, output);
    plan.backward(
        blocked, output, Reorder.to(plan.outputDims(), Layout.NCHW, dy, Layout.NCHW16C), gradient);
    float[] y = Reorder.to(plan.outputDims(), Layout.NCHW16C, output, Layout.NCHW);
    float[] dx = Reorder.to(dims, Layout.NCHW16C, gradient, Layout.NCHW);
    assertArrayEquals(output, Reorder.to(plan.outputDims(), Layout.NCHW, y, Layout.NCHW16C));
    assertArrayEquals(gradient, Reorder.to(dims, Layout.NCHW, dx, Layout.NCHW16C));
    int pixels = PoolIndices.pixels(dims);
    double[] expected = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      int plane = i / windows.size();
      List<Integer> window = windows.get(i % windows.size());
      ToDoubleFunction<double[]> pooling = ofChannel.apply(plane % dims[1]);
      double[] values = new double[window.size()];
      for (int t = 0; t < values.length; t++) {
        values[t] = x[plane * pixels + window.get(t)];
      }
      assertEquals(pooling.applyAsDouble(values), y[i], 2e-5);
      for (int t = 0; t < values.length; t++) {
        double kept = values[t];
        values[t] = kept + 1e-5;
        double above = pooling.applyAsDouble(values);
        values[t] = kept - 1e-5;
        double below = pooling.applyAsDouble(values);
        values[t] = kept;
        expected[plane * pixels + window.get(t)] += dy[i] * (above - below) / 2e-5;
      }
    }
    for (int i = 0; i < dx.length; i++) {
      assertEquals(expected[i], dx[i], 1e-4);
    }
  }

  /** Values of both signs, none of them near another or near zero. */
  private static float[] distinct(int length) {
    Random random = new Random(length);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (i + 0.5f) / length * (random.nextBoolean() ? 2 : -2);
    }
    for (int i = length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      float kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
    return values;
  }

  private static double max(double... values) {
    double max = values[0];
    for (double value : values) {
      max = Math.max(max, value);
    }
    return max;
  }

  private static double average(double... values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double norm(int p, double... values) {
    double sum = 0;
    for (double value : values) {
      sum += Math.pow(Math.abs(value), p);
    }
    return Math.pow(sum, 1.0 / p);
  }

  /** What it compiles must serve windows of one tap and of many, and every way to reduce them. */
  @Test
  void warmUpComesToAnEnd() {
    for (int kernel : new int[] {1, 3, 7}) {
      PoolShape shape = PoolShape.pool2d(1, 16, 7, 9, kernel, kernel);
      float[] shares = {0.25f};
      Workers workers = Workers.shared();
      for (PoolPlan plan :
          List.of(
              PoolPlan.max(shape),
              PoolPlan.min(shape),
              PoolPlan.average(shape, true),
              PoolPlan.lp(shape, 2, workers),
              PoolPlan.lp(shape, 3, workers),
              PoolPlan.mixed(shape, true, shares, workers))) {
        plan.warmUp();
      }
    }
    PoolPlan.adaptiveMax(new int[] {0, 16, 8, 8}, new int[] {3, 3}, Workers.shared()).warmUp();
  }

  @Test
  void maximaAndAverages() {
    check(PoolPlan.max(SHAPE), windows(SHAPE), c -> PoolKindsTest::max);
    check(PoolPlan.average(SHAPE, false), windows(SHAPE), c -> PoolKindsTest::average);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void normsOfWindows(int p) {
    check(PoolPlan.lp(SHAPE, p, WORKERS), windows(SHAPE), c -> values -> norm(p, values));
    PoolShape global = PoolShape.global(2, 18, 5, 6);
    check(PoolPlan.lp(global, p, WORKERS), windows(global), c -> values -> norm(p, values));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 9})
  void adaptivePoolingFollowsTheWindowsOfPyTorch(int size) {
    int[] dims = {2, 18, 7, 9};
    int[] output = {size, 4};
    List<List<Integer>> windows = adaptiveWindows(7, 9, size, 4);
    check(PoolPlan.adaptiveMax(dims, output, WORKERS), windows, c -> PoolKindsTest::max);
    check(PoolPlan.adaptiveAverage(dims, output, WORKERS), windows, c -> PoolKindsTest::average);
  }

  @Test
  void mixedPoolingWeighsMaximumAndAverageByChannel() {
    float[] share = new float[18];
    for (int c = 0; c < share.length; c++) {
      share[c] = c / 17f;
    }
    check(
        PoolPlan.mixed(SHAPE, false, share, WORKERS),
        windows(SHAPE),
        c -> values -> share[c] * max(values) + (1 - share[c]) * average(values));
    check(
        PoolPlan.mixed(SHAPE, false, new float[] {0.25f}, WORKERS),
        windows(SHAPE),
        c -> values -> 0.25 * max(values) + 0.75 * average(values));
  }

  @Test
  void theNormOfZerosIsZeroAndSoIsItsGradient() {
    for (int p = 1; p <= 3; p++) {
      PoolPlan plan = PoolPlan.lp(PoolShape.global(1, 3, 2, 2), p, WORKERS);
      float[] x = new float[plan.inputLength()];
      float[] y = new float[plan.outputLength()];
      float[] dx = new float[x.length];
      plan.run(x, y);
      plan.backward(x, y, distinct(y.length), dx);
      assertArrayEquals(new float[y.length], y);
      for (float value : dx) {
        assertEquals(0, value + 0f);
      }
    }
  }

  @Test
  void indicesTellWhereTheFirstMaximumLies() {
    PoolPlan plan = PoolPlan.max(SHAPE);
    Random random = new Random(3);
    float[] x = new float[Layout.NCHW.length(SHAPE.inputDims())];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextInt(5) == 0 ? Float.NaN : random.nextInt(3);
    }
    float[] blocked = Reorder.to(SHAPE.inputDims(), Layout.NCHW, x, Layout.NCHW16C);
    float[] y = new float[plan.outputLength()];
    int[] indices = new int[y.length];
    plan.runWithIndices(blocked, y, indices);
    float[] plain = new float[y.length];
    plan.run(blocked, plain);
    assertArrayEquals(plain, y);
    long[] flat = PoolIndices.toFlat(indices, SHAPE.outputDims(), SHAPE.inputDims());
    List<List<Integer>> windows = windows(SHAPE);
    for (int i = 0; i < flat.length; i++) {
      int plane = i / windows.size() * 77;
      int expected = plane + windows.get(i % windows.size()).getFirst();
      for (int pixel : windows.get(i % windows.size())) {
        boolean better = x[plane + pixel] > x[expected] || Float.isNaN(x[plane + pixel]);
        expected = better && !Float.isNaN(x[expected]) ? plane + pixel : expected;
      }
      assertEquals(expected, flat[i]);
    }
    int[] back = PoolIndices.fromFlat(flat, SHAPE.outputDims(), SHAPE.inputDims());
    assertArrayEquals(flat, PoolIndices.toFlat(back, SHAPE.outputDims(), SHAPE.inputDims()));
    flat[0] = 77;
    assertThrows(
        IllegalArgumentException.class,
        () -> PoolIndices.fromFlat(flat, SHAPE.outputDims(), SHAPE.inputDims()));
  }

  @Test
  void vectorsAndScalarsFindTheSameMaxima() {
    assumeTrue(Lanes.vectorised());
    int[] taps = {0, 32, 48, 160};
    Segment segment = new Segment(16, 32, 3, 16, taps, 4);
    float[] x = new float[16 * 20];
    for (int i = 0; i < x.length; i++) {
      x[i] = i % 7 == 3 ? Float.NaN : i * 31 % 11;
    }
    float[][] y = new float[2][64];
    int[][] indices = new int[2][64];
    VectorPooling.locate(segment, x, 0, y[0], indices[0], 0);
    ScalarPooling.locate(segment, x, 0, y[1], indices[1], 0);
    assertArrayEquals(y[1], y[0]);
    assertArrayEquals(indices[1], indices[0]);
  }

  @Test
  void unpoolingPutsMaximaBack() {
    int[] dims = {2, 18, 4, 6};
    PoolPlan plan = PoolPlan.max(PoolShape.pool2d(2, 18, 4, 6, 2, 2).stride(2));
    float[] x = Reorder.to(dims, Layout.NCHW, distinct(2 * 18 * 24), Layout.NCHW16C);
    float[] y = new float[plan.outputLength()];
    int[] indices = new int[y.length];
    plan.runWithIndices(x, y, indices);
    MaxUnpool unpool = MaxUnpool.of(plan.outputDims(), new int[] {4, 6}, WORKERS);
    float[] back = new float[unpool.outputLength()];
    unpool.run(y, indices, back);
    float[] again = new float[y.length];
    plan.run(x, again);
    int kept = 0;
    for (int i = 0; i < x.length; i++) {
      assertEquals(back[i] == 0 ? 0 : x[i], back[i]);
      kept += back[i] == 0 ? 0 : 1;
    }
    assertEquals(2 * 18 * 6, kept);
    float[] dx = new float[y.length];
    unpool.backward(indices, x, dx);
    assertArrayEquals(y, dx);
    indices[5] = 24;
    String message =
        assertThrows(IllegalArgumentException.class, () -> unpool.run(y, indices, back))
            .getMessage();
    assertEquals("index 24 lies outside a plane of 24 pixels", message);
  }

  @Test
  void aPyramidConcatenatesItsLevels() {
    int[] dims = {2, 18, 7, 9};
    float[] x = distinct(2 * 18 * 63);
    float[] blocked = Reorder.to(dims, Layout.NCHW, x, Layout.NCHW16C);
    SpatialPyramidPool pyramid = SpatialPyramidPool.max(dims, new int[] {1, 3}, WORKERS);
    assertEquals(18 * 10, pyramid.features());
    float[] y = new float[2 * 180];
    pyramid.run(blocked, y);
    float[] dy = distinct(y.length);
    float[] expected = new float[x.length];
    for (int i = 0; i < y.length; i++) {
      int f = i % 180;
      int windows = f < 18 ? 1 : 9;
      int channel = (f < 18 ? f : f - 18) / windows;
      int side = windows == 1 ? 1 : 3;
      int window = (f < 18 ? f : f - 18) % windows;
      int plane = (i / 180 * 18 + channel) * 63;
      int best = -1;
      for (int pixel : adaptiveWindows(7, 9, side, side).get(window)) {
        best = best < 0 || x[plane + pixel] > x[best] ? plane + pixel : best;
      }
      assertEquals(x[best], y[i]);
      expected[best] += dy[i];
    }
    float[] dx = new float[blocked.length];
    pyramid.backward(blocked, dy, dx);
    assertArrayEquals(expected, Reorder.to(dims, Layout.NCHW16C, dx, Layout.NCHW), 1e-6f);
    SpatialPyramidPool means = SpatialPyramidPool.average(dims, new int[] {1}, WORKERS);
    float[] mean = new float[36];
    means.run(blocked, mean);
    double sum = 0;
    for (int i = 0; i < 63; i++) {
      sum += x[i] / 63;
    }
    assertEquals(sum, mean[0], 1e-6);
  }

  @Test
  void anEmptyBatchGivesNothing() {
    PoolShape empty = PoolShape.pool2d(0, 3, 4, 4, 2, 2);
    float[] none = {};
    PoolPlan.max(empty).run(none, none.clone());
    PoolPlan.lp(empty, 3, WORKERS).backward(none, none.clone(), none.clone(), none.clone());
    PoolPlan.adaptiveMax(new int[] {0, 3, 4}, new int[] {2}, WORKERS).run(none, none.clone());
    MaxUnpool.of(new int[] {0, 3, 2}, new int[] {4}, WORKERS).run(none, new int[0], none.clone());
    SpatialPyramidPool.max(new int[] {0, 3, 4}, new int[] {2}, WORKERS).run(none, none.clone());
  }

  @Test
  void wrongParametersAreNamed() {
    assertThrows(IllegalArgumentException.class, () -> PoolPlan.lp(SHAPE, 0, WORKERS));
    assertThrows(
        IllegalArgumentException.class,
        () -> PoolPlan.mixed(SHAPE, true, new float[] {0.5f, 0.5f}, WORKERS));
    assertThrows(
        IllegalArgumentException.class,
        () -> PoolPlan.mixed(SHAPE, true, new float[] {1.5f}, WORKERS));
    assertThrows(
        IllegalArgumentException.class,
        () -> PoolPlan.adaptiveMax(new int[] {1, 1, 4, 4}, new int[] {2}, WORKERS));
    PoolPlan average = PoolPlan.average(SHAPE, true);
    float[] x = new float[average.inputLength()];
    float[] y = new float[average.outputLength()];
    assertThrows(
        IllegalArgumentException.class, () -> average.runWithIndices(x, y, new int[y.length]));
  }

  @Tag(SteadyState.TAG)
  @Test
  void aSteadyStateAllocatesNothing() {
    PoolShape shape = PoolShape.pool2d(1, 16, 6, 6, 3, 3).stride(2).padding(1);
    try (Workers one = Workers.of(1)) {
      PoolPlan[] plans = {
        PoolPlan.max(shape, one),
        PoolPlan.min(shape, one),
        PoolPlan.average(shape, true, one),
        PoolPlan.lp(shape, 1, one),
        PoolPlan.lp(shape, 2, one),
        PoolPlan.lp(shape, 3, one),
        PoolPlan.mixed(shape, true, new float[] {0.5f}, one)
      };
      float[] x = distinct(plans[0].inputLength());
      float[] y = new float[plans[0].outputLength()];
      int[] indices = new int[y.length];
      float[] dx = new float[x.length];
      MaxUnpool unpool = MaxUnpool.of(shape.outputDims(), new int[] {6, 6}, one);
      SpatialPyramidPool pyramid = SpatialPyramidPool.max(shape.inputDims(), new int[] {1, 2}, one);
      float[] features = new float[pyramid.features()];
      SteadyState.assertAllocatesNothing(
          () -> {
            for (PoolPlan plan : plans) {
              plan.run(x, y);
              plan.backward(x, y, y, dx);
            }
            plans[0].runWithIndices(x, y, indices);
            unpool.run(y, indices, dx);
            unpool.backward(indices, dx, y);
            pyramid.run(x, features);
            pyramid.backward(x, features, dx);
          });
    }
  }
}
