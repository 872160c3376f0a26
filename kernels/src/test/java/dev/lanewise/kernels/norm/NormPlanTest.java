package dev.lanewise.kernels.norm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.simd.Lanes;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NormPlanTest {

  private static final float EPSILON = 1e-3f;

  enum Kind {
    BATCH,
    GROUP,
    INSTANCE,
    LAYER;

    NormPlan plan(int[] dims, Workers workers) {
      return switch (this) {
        case BATCH -> NormPlan.batch(dims, EPSILON, workers);
        case GROUP -> NormPlan.group(dims, dims[1] / 3, EPSILON, workers);
        case INSTANCE -> NormPlan.instance(dims, EPSILON, workers);
        case LAYER -> NormPlan.layer(dims, EPSILON, workers);
      };
    }

    int set(int image, int channel, int channels) {
      return switch (this) {
        case BATCH -> channel;
        case GROUP -> image * (channels / 3) + channel / 3;
        case INSTANCE -> image * channels + channel;
        case LAYER -> image;
      };
    }
  }

  /** A problem in planar layout with its answers in double precision. */
  private static final class Problem {
    final Kind kind;
    final int[] dims;
    final float[] x;
    final float[] gamma;
    final float[] beta;
    final float[] dy;

    Problem(Kind kind, int[] dims, double mean) {
      this.kind = kind;
      this.dims = dims;
      Random random = new Random(7);
      x = new float[Layout.NCHW.length(dims)];
      dy = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) (random.nextGaussian() * (1 + channel(i) % 3) + mean + channel(i) % 5);
        dy[i] = (float) random.nextGaussian();
      }
      gamma = new float[dims[1]];
      beta = new float[dims[1]];
      for (int c = 0; c < dims[1]; c++) {
        gamma[c] = random.nextFloat(0.5f, 2);
        beta[c] = random.nextFloat(-1, 1);
      }
    }

    int plane() {
      return x.length / dims[0] / dims[1];
    }

    int channel(int i) {
      return i / plane() % dims[1];
    }

    int set(int i) {
      return kind.set(i / plane() / dims[1], channel(i), dims[1]);
    }

    double[] forward(double... values) {
      double[] mean = new double[dims[0] * dims[1]];
      double[] variance = new double[mean.length];
      int[] count = new int[mean.length];
      for (int i = 0; i < values.length; i++) {
        mean[set(i)] += values[i];
        count[set(i)]++;
      }
      for (int i = 0; i < values.length; i++) {
        double deviation = values[i] - mean[set(i)] / count[set(i)];
        variance[set(i)] += deviation * deviation;
      }
      double[] y = new double[values.length];
      for (int i = 0; i < values.length; i++) {
        int set = set(i);
        double deviation = values[i] - mean[set] / count[set];
        double scale = Math.sqrt(variance[set] / count[set] + EPSILON);
        y[i] = gamma[channel(i)] * deviation / scale + beta[channel(i)];
      }
      return y;
    }

    double[] values() {
      double[] values = new double[x.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = x[i];
      }
      return values;
    }

    /** What the gradient dy makes of a result. */
    double loss(double... y) {
      double sum = 0;
      for (int i = 0; i < y.length; i++) {
        sum += dy[i] * y[i];
      }
      return sum;
    }

    float[] blocked(float[] planar) {
      return Reorder.to(dims, Layout.NCHW, planar, Layout.NCHW16C);
    }
  }

  private static final class Result {
    final float[] y;
    final float[] dx;
    final float[] dGamma;
    final float[] dBeta;
    final Statistics statistics;

    Result(Problem problem, Workers workers) {
      NormPlan plan = problem.kind.plan(problem.dims, workers);
      float[] x = problem.blocked(problem.x);
      y = new float[plan.length()];
      dx = new float[plan.length()];
      dGamma = new float[problem.dims[1]];
      dBeta = new float[problem.dims[1]];
      statistics = plan.statistics();
      plan.run(x, problem.gamma, problem.beta, statistics, y);
      float[] dy = problem.blocked(problem.dy);
      plan.backward(x, problem.gamma, statistics, dy, dx, dGamma, dBeta);
    }
  }

  @ParameterizedTest
  @EnumSource
  void normalisesLikeTheDefinition(Kind kind) {
    Problem problem = new Problem(kind, new int[] {3, 21, 17, 19}, 0);
    float[] y = planar(problem, new Result(problem, Workers.shared()).y);
    double[] expected = problem.forward(problem.values());
    for (int i = 0; i < y.length; i++) {
      assertEquals(expected[i], y[i], 2e-6);
    }
  }

  /** With a mean 10,000 times the deviation, a mean of squares would have no digit left. */
  @ParameterizedTest
  @EnumSource
  void aLargeMeanCostsNoAccuracy(Kind kind) {
    Problem problem = new Problem(kind, new int[] {2, 18, 40, 23}, 1e4);
    float[] y = planar(problem, new Result(problem, Workers.shared()).y);
    double[] expected = problem.forward(problem.values());
    // The means of pieces and of the set are rounded to floats, each by up to half an ulp of 1e4,
    // which is 5e-4; gamma / deviation is at most 2.
    for (int i = 0; i < y.length; i++) {
      assertEquals(expected[i], y[i], 2e-3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void gradientsMatchDifferenceQuotients(Kind kind) {
    Problem problem = new Problem(kind, new int[] {2, 18, 3, 4}, 0.5);
    Result result = new Result(problem, Workers.shared());
    float[] dx = planar(problem, result.dx);
    double[] values = problem.values();
    for (int i = 0; i < dx.length; i += 5) {
      double kept = values[i];
      values[i] = kept + 1e-4;
      double above = problem.loss(problem.forward(values));
      values[i] = kept - 1e-4;
      double below = problem.loss(problem.forward(values));
      values[i] = kept;
      assertEquals((above - below) / 2e-4, dx[i], 1e-5, "x " + i);
    }
    double loss = problem.loss(problem.forward(values));
    for (int c = 0; c < problem.gamma.length; c++) {
      float kept = problem.gamma[c];
      problem.gamma[c] = kept + 0.5f;
      assertEquals(2 * (problem.loss(problem.forward(values)) - loss), result.dGamma[c], 2e-5);
      problem.gamma[c] = kept;
      kept = problem.beta[c];
      problem.beta[c] = kept + 1;
      double step = problem.beta[c] - kept;
      assertEquals((problem.loss(problem.forward(values)) - loss) / step, result.dBeta[c], 2e-5);
      problem.beta[c] = kept;
    }
  }

  @ParameterizedTest
  @EnumSource
  void threadsChangeNoBitAndPaddingStaysZero(Kind kind) {
    Problem problem = new Problem(kind, new int[] {2, 21, 30, 31}, 3);
    try (Workers one = Workers.of(1);
        Workers three = Workers.of(3)) {
      Result first = new Result(problem, one);
      Result second = new Result(problem, three);
      assertArrayEquals(first.y, second.y);
      assertArrayEquals(first.dx, second.dx);
      assertArrayEquals(first.dGamma, second.dGamma);
      assertArrayEquals(first.dBeta, second.dBeta);
      assertArrayEquals(first.y, problem.blocked(planar(problem, first.y)));
      assertArrayEquals(first.dx, problem.blocked(planar(problem, first.dx)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatFollowsGivesTheBitsOfPassesOfItsOwn(Kind kind) {
    Problem problem = new Problem(kind, new int[] {2, 21, 17, 31}, 0.5);
    NormPlan plan = kind.plan(problem.dims, Workers.shared());
    Activation relu = Activation.RELU6;
    float[] x = problem.blocked(problem.x);
    float[] residual = problem.blocked(problem.dy);
    Statistics statistics = plan.statistics();
    float[] expected = new float[x.length];
    float[] y = new float[x.length];
    plan.run(x, problem.gamma, problem.beta, statistics, expected);
    for (int i = 0; i < x.length; i++) {
      expected[i] += residual[i];
    }
    Activations.apply(relu, expected, 0, x.length);
    plan.run(x, problem.gamma, problem.beta, statistics, residual, relu, y);
    assertArrayEquals(expected, y);
    plan.infer(x, problem.gamma, problem.beta, statistics, residual, relu, y);
    assertArrayEquals(expected, y);

    plan.run(x, problem.gamma, problem.beta, statistics, null, relu, y);
    float[] passed = new float[x.length];
    Activations.backward(relu, y, residual, passed, 0, x.length);
    float[] expectedSlope = new float[21];
    float[] expectedSum = new float[21];
    plan.backward(x, problem.gamma, statistics, passed, expected, expectedSlope, expectedSum);
    float[] dx = residual.clone();
    float[] dGamma = new float[21];
    float[] dBeta = new float[21];
    plan.backward(x, problem.gamma, statistics, relu, y, dx, dx, dGamma, dBeta);
    assertArrayEquals(expected, dx);
    assertArrayEquals(expectedSlope, dGamma);
    assertArrayEquals(expectedSum, dBeta);
    plan.backwardFixed(x, problem.gamma, statistics, passed, expected, expectedSlope, expectedSum);
    dx = residual.clone();
    plan.backwardFixed(x, problem.gamma, statistics, relu, y, dx, dx, dGamma, dBeta);
    assertArrayEquals(expected, dx);
    assertArrayEquals(expectedSlope, dGamma);
  }

  @Test
  void vectorsAndScalarsGiveTheSameBits() {
    assumeTrue(Lanes.vectorised());
    Random random = new Random(2);
    for (int pixels : new int[] {1, 3, 4, 5, 37, 256}) {
      float[] x = gaussian(random, pixels * 16);
      float[] dy = gaussian(random, pixels * 16);
      float[] a = gaussian(random, 16);
      float[] b = gaussian(random, 16);
      float[] c = gaussian(random, 16);
      float[] d = gaussian(random, 16);
      float[] vector = new float[32];
      float[] scalar = new float[32];
      VectorNorm.moments(x, 0, pixels, vector, 0);
      ScalarNorm.moments(x, 0, pixels, scalar, 0);
      assertArrayEquals(scalar, vector);
      VectorNorm.sums(x, dy, 0, pixels, a, 0, vector, 0);
      ScalarNorm.sums(x, dy, 0, pixels, a, 0, scalar, 0);
      assertArrayEquals(scalar, vector);
      float[] vectors = new float[x.length];
      float[] scalars = new float[x.length];
      VectorNorm.apply(x, 0, pixels, a, b, c, 0, vectors);
      ScalarNorm.apply(x, 0, pixels, a, b, c, 0, scalars);
      assertArrayEquals(scalars, vectors);
      VectorNorm.gradient(x, dy, 0, pixels, a, b, c, d, 0, vectors);
      ScalarNorm.gradient(x, dy, 0, pixels, a, b, c, d, 0, scalars);
      assertArrayEquals(scalars, vectors);
    }
  }

  @Test
  void runningAveragesMoveAsInPyTorch() {
    Statistics batch = new Statistics(new float[] {2}, new float[] {3});
    float[] mean = {1};
    float[] variance = {1};
    BatchNorm.update(batch, 4, 0.1f, mean, variance);
    assertEquals(1.1f, mean[0]);
    assertEquals(1.3f, variance[0]);
    BatchNorm.update(batch, 0, 0.1f, mean, variance);
    assertEquals(1.1f, mean[0]);
    NormPlan plan = NormPlan.batch(new int[] {1, 1, 2}, 1, Workers.shared());
    float[] y = new float[32];
    float[] x = new float[32];
    x[0] = 3;
    x[16] = 5;
    plan.infer(x, new float[] {4}, new float[] {1}, batch, y);
    assertEquals(3, y[0]);
    assertEquals(7, y[16]);
  }

  @Test
  void foldingGivesWhatTheTwoLayersGive() {
    float[] filter = {1, 2, 3, 4};
    float[] gamma = {2, 3};
    float[] beta = {0.5f, -0.5f};
    float[] mean = {1, 2};
    float[] variance = {3.75f, 8.75f};
    BatchNorm.Folded folded =
        BatchNorm.fold(filter, new float[] {5, 6}, gamma, beta, mean, variance, 0.25f);
    assertArrayEquals(new float[] {1, 2, 3, 4}, folded.filter());
    assertArrayEquals(new float[] {4.5f, 3.5f}, folded.bias());
    float[] without = BatchNorm.fold(filter, null, gamma, beta, mean, variance, 0.25f).bias();
    assertArrayEquals(new float[] {-0.5f, -2.5f}, without);
    assertThrows(
        IllegalArgumentException.class,
        () -> BatchNorm.fold(new float[3], null, gamma, beta, mean, variance, 0));
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyBatchDoesNothing(Kind kind) {
    NormPlan plan = kind.plan(new int[] {0, 6, 4, 4}, Workers.shared());
    float[] none = {};
    float[] six = {9, 9, 9, 9, 9, 9};
    Statistics statistics = plan.statistics();
    plan.run(none, six, six, statistics, none);
    float[] dGamma = six.clone();
    plan.backward(none, six, statistics, none, none.clone(), dGamma, six.clone());
    assertArrayEquals(new float[6], dGamma);
  }

  @Test
  void wrongOperandsAreNamed() {
    Workers workers = Workers.shared();
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> NormPlan.group(new int[] {1, 6, 4}, 4, 0, workers))
            .getMessage();
    assertEquals("groups=4 does not divide channels=6", message);
    assertThrows(
        IllegalArgumentException.class, () -> NormPlan.batch(new int[] {1, 6}, -1, workers));
    NormPlan plan = NormPlan.batch(new int[] {1, 6, 4}, 0, workers);
    float[] x = new float[plan.length()];
    message =
        assertThrows(
                IllegalArgumentException.class,
                () -> plan.run(x, new float[5], new float[6], plan.statistics(), x))
            .getMessage();
    assertTrue(message.contains("gamma"), message);
  }

  @Tag(SteadyState.TAG)
  @Test
  void aSteadyStateAllocatesNothing() {
    try (Workers one = Workers.of(1)) {
      NormPlan plan = NormPlan.group(new int[] {2, 32, 3, 3}, 8, EPSILON, one);
      float[] x = gaussian(new Random(1), plan.length());
      float[] y = new float[x.length];
      float[] gamma = gaussian(new Random(1), 32);
      float[] dGamma = new float[32];
      float[] dBeta = new float[32];
      Statistics statistics = plan.statistics();
      SteadyState.assertAllocatesNothing(
          () -> {
            plan.run(x, gamma, gamma, statistics, y);
            plan.backward(x, gamma, statistics, y, y, dGamma, dBeta);
          });
    }
  }

  private static float[] gaussian(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] planar(Problem problem, float[] blocked) {
    return Reorder.to(problem.dims, Layout.NCHW16C, blocked, Layout.NCHW);
  }
}
