package dev.lanewise.kernels.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.PoolShape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PoolPlanTest {

  private static final PoolShape TWO = PoolShape.pool2d(1, 1, 2, 4, 2, 2).stride(2);

  @Test
  void reducesEachWindow() {
    float[] image = {1, 2, 3, 4, 5, 6, 7, -8};
    assertArrayEquals(new float[] {6, 7}, run(PoolPlan.max(TWO), image));
    assertArrayEquals(new float[] {1, -8}, run(PoolPlan.min(TWO), image));
    assertArrayEquals(new float[] {3.5f, 1.5f}, run(PoolPlan.average(TWO, false), image));
    PoolShape global = PoolShape.global(1, 1, 2, 4);
    assertArrayEquals(new float[] {2.5f}, run(PoolPlan.average(global, true), image));
    assertArrayEquals(new float[] {7}, run(PoolPlan.max(global), image));
  }

  @Test
  void paddingCountsInAveragesOnlyOnDemandAndNeverInExtremes() {
    PoolShape padded = PoolShape.pool2d(1, 1, 2, 2, 2, 2).stride(2).padding(1);
    float[] image = {-4, -8, -12, -16};
    assertArrayEquals(new float[] {-4, -8, -12, -16}, run(PoolPlan.max(padded), image));
    assertArrayEquals(new float[] {-1, -2, -3, -4}, run(PoolPlan.average(padded, true), image));
    assertArrayEquals(image, run(PoolPlan.average(padded, false), image));
  }

  @Test
  void ceilModeDividesByWhatLiesInsideThePaddedInput() {
    PoolShape shape = new PoolShape(1, 1, List.of(Axis.of(5, 2).withStride(2)), true);
    float[] image = {1, 3, 5, 7, 9};
    assertArrayEquals(new float[] {2, 6, 9}, run(PoolPlan.average(shape, true), image));
    assertArrayEquals(new float[] {3, 7, 9}, run(PoolPlan.max(shape), image));
  }

  @Test
  void nanWins() {
    float[] image = {1, Float.NaN, 3, 4, 5, 6, 7, 8};
    assertArrayEquals(new float[] {Float.NaN, 8}, run(PoolPlan.max(TWO), image));
    assertArrayEquals(new float[] {Float.NaN, 3}, run(PoolPlan.min(TWO), image));
  }

  @Test
  void gradientGoesToTheFirstOfEquals() {
    float[] image = {2, 2, 7, 1, 2, 2, 7, 1};
    assertArrayEquals(
        new float[] {10, 0, 20, 0, 0, 0, 0, 0},
        backward(PoolPlan.max(TWO), image, new float[] {10, 20}));
    assertArrayEquals(
        new float[] {10, 0, 0, 20, 0, 0, 0, 0},
        backward(PoolPlan.min(TWO), image, new float[] {10, 20}));
    assertArrayEquals(
        new float[] {1, 1, 2, 2, 1, 1, 2, 2},
        backward(PoolPlan.average(TWO, false), image, new float[] {4, 8}));
  }

  /**
   * Each gradient is the pooling's transpose: <pool(x), y> = <x, backward(y)> where it is linear.
   */
  @Test
  void averageGradientIsTheTranspose() {
    PoolShape shape =
        new PoolShape(2, 19, List.of(new Axis(6, 3, 2, 1, 1, 1), new Axis(9, 2, 2, 0, 1, 1)), true);
    Random random = new Random(4);
    PoolPlan plan = PoolPlan.average(shape, false);
    float[] x = blocked(random, shape.inputDims());
    float[] y = blocked(random, shape.outputDims());
    float[] pooled = new float[plan.outputLength()];
    float[] carried = new float[plan.inputLength()];
    plan.run(x, pooled);
    plan.backward(x, pooled, y, carried);
    assertEquals(dot(pooled, y), dot(x, carried), 1e-2);
  }

  @Test
  void lanesAndThreadsChangeNoBit() {
    PoolShape shape =
        new PoolShape(
            2,
            37,
            List.of(
                new Axis(4, 2, 1, 1, 0, 1),
                new Axis(7, 3, 2, 1, 1, 1),
                new Axis(11, 3, 2, 2, 1, 2)),
            true);
    Random random = new Random(9);
    float[] share = new float[37];
    for (int c = 0; c < share.length; c++) {
      share[c] = c / 37f;
    }
    try (Workers three = Workers.of(3)) {
      List<PoolPlan> plans =
          List.of(
              PoolPlan.max(shape, three),
              PoolPlan.min(shape, three),
              PoolPlan.average(shape, true, three),
              PoolPlan.lp(shape, 1, three),
              PoolPlan.lp(shape, 2, three));
      List<Reduction> reductions =
          List.of(
              Reduction.MAX,
              Reduction.MIN,
              Reduction.AVERAGE,
              Reduction.norm(1),
              Reduction.norm(2));
      for (int i = 0; i < plans.size(); i++) {
        PoolPlan plan = plans.get(i);
        float[] x = blocked(random, shape.inputDims());
        float[] dy = blocked(random, shape.outputDims());
        float[] y = new float[plan.outputLength()];
        float[] dx = new float[plan.inputLength()];
        plan.run(x, y);
        plan.backward(x, y, dy, dx);
        float[] plainY = new float[y.length];
        float[] plainDx = new float[dx.length];
        plain(reductions.get(i), shape, x, plainY, dy, plainDx);
        assertArrayEquals(plainY, y);
        assertArrayEquals(plainDx, dx);
      }
      for (int p = 3; p <= 4; p++) {
        sameBits(PoolPlan.lp(shape, p, three), PoolPlan.lp(shape, p, Workers.shared()));
      }
      sameBits(
          PoolPlan.mixed(shape, true, share, three),
          PoolPlan.mixed(shape, true, share, Workers.shared()));
    }
  }

  private static void sameBits(PoolPlan one, PoolPlan other) {
    Random random = new Random(5);
    float[] x = blocked(random, one.inputDims());
    float[] dy = blocked(random, one.outputDims());
    float[][] y = new float[2][one.outputLength()];
    float[][] dx = new float[2][one.inputLength()];
    for (int i = 0; i < 2; i++) {
      PoolPlan plan = i == 0 ? one : other;
      plan.run(x, y[i]);
      plan.backward(x, y[i], dy, dx[i]);
    }
    assertArrayEquals(y[0], y[1]);
    assertArrayEquals(dx[0], dx[1]);
  }

  @Test
  void wrongOperandsAreNamed() {
    PoolPlan plan = PoolPlan.max(TWO);
    float[] input = new float[plan.inputLength()];
    assertThrows(IllegalArgumentException.class, () -> plan.run(new float[1], new float[32]));
    assertThrows(IllegalArgumentException.class, () -> plan.run(input, input));
    assertThrows(NullPointerException.class, () -> plan.run(null, new float[32]));
  }

  /** Of and into slices of wider images the bits of images that lie alone. */
  @Test
  void channelSlicesArePooledWhereTheyLie() {
    PoolShape shape = PoolShape.pool2d(2, 20, 9, 7, 3, 3).stride(2).padding(1);
    Workers workers = Workers.shared();
    for (PoolPlan plan :
        List.of(
            PoolPlan.max(shape, workers),
            PoolPlan.average(shape, true, workers),
            PoolPlan.mixed(shape, true, new float[] {0.25f}, workers))) {
      float[] input = blocked(new Random(1), plan.inputDims());
      float[] output = new float[plan.outputLength()];
      plan.run(input, output);
      int in = plan.inputLength() / 2;
      int out = plan.outputLength() / 2;
      float[] wide = new float[32 + 2 * (in + 48)];
      float[] result = new float[16 + 2 * (out + 16)];
      for (int n = 0; n < 2; n++) {
        System.arraycopy(input, n * in, wide, 32 + n * (in + 48), in);
      }
      plan.run(new Slice(wide, 32, in + 48), new Slice(result, 16, out + 16));
      for (int n = 0; n < 2; n++) {
        int from = 16 + n * (out + 16);
        assertArrayEquals(
            Arrays.copyOfRange(output, n * out, (n + 1) * out),
            Arrays.copyOfRange(result, from, from + out));
      }
      float[] again = new float[plan.outputLength()];
      plan.run(input, again);
      assertArrayEquals(output, again, "images that lie together after some that lay apart");
      Slice late = new Slice(wide, 48 + 48 + 1, in + 48);
      Slice whole = new Slice(output, 0, out);
      assertThrows(IllegalArgumentException.class, () -> plan.run(late, whole));
    }
  }

  private static void plain(
      Reduction reduction, PoolShape shape, float[] x, float[] y, float[] dy, float[] dx) {
    List<AxisWindows> axes =
        IntStream.range(0, shape.axes().size())
            .mapToObj(i -> AxisWindows.of(shape.axes().get(i), shape.output(i)))
            .toList();
    int planes = shape.batch() * Layout.blocks(shape.channels());
    for (int p = 0; p < planes; p++) {
      int in = p * (x.length / planes);
      int out = p * (y.length / planes);
      for (Segment[] row : Segment.rows(axes, true)) {
        for (Segment segment : row) {
          ScalarPooling.reduce(reduction, segment, x, in, y, out);
          switch (reduction.kind()) {
            case AVERAGE -> ScalarPooling.spread(segment, dy, out, dx, in);
            case NORM -> ScalarPooling.weigh(reduction.power(), segment, x, y, dy, out, dx, in);
            default -> ScalarPooling.select(segment, x, in, y, out, dy, out, dx);
          }
        }
      }
    }
  }

  private static float[] run(PoolPlan plan, float[] image) {
    float[] output = new float[plan.outputLength()];
    plan.run(blocked(plan.inputDims(), image), output);
    return Reorder.to(plan.outputDims(), Layout.NCHW16C, output, Layout.NCHW);
  }

  private static float[] backward(PoolPlan plan, float[] image, float[] gradient) {
    float[] input = blocked(plan.inputDims(), image);
    float[] output = new float[plan.outputLength()];
    plan.run(input, output);
    float[] result = new float[plan.inputLength()];
    plan.backward(input, output, blocked(plan.outputDims(), gradient), result);
    return Reorder.to(plan.inputDims(), Layout.NCHW16C, result, Layout.NCHW);
  }

  private static float[] blocked(int[] dims, float[] planar) {
    return Reorder.to(dims, Layout.NCHW, planar, Layout.NCHW16C);
  }

  private static float[] blocked(Random random, int[] dims) {
    float[] planar = new float[Layout.NCHW.length(dims)];
    for (int i = 0; i < planar.length; i++) {
      planar[i] = random.nextInt(100) / 8f;
    }
    return blocked(dims, planar);
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
