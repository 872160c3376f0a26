package dev.lanewise.kernels.separable;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeparablePlanTest {

  private static final Workers ONE = Workers.of(1);
  private static final Workers FIVE = Workers.of(5);

  @AfterAll
  static void close() {
    ONE.close();
    FIVE.close();
  }

  @ParameterizedTest
  @CsvSource({
    "g32ic32ih14oc32kh3ph1, 64",
    "mb2g20ic20ih13iw9oc20kh3sh2ph1, 33",
    "g40ic40ih28oc40kh5ph2, 17",
    "g9ic9ih11oc27kh3ph1, 100",
    "g16ic16iw50oc16kw7pw3, 16",
    "mb2g18ic18id4oc18kd3pd1, 40",
    "g512ic512ih7oc512kh3ph1, 48"
  })
  void bitsAreThoseOfTheTwoConvolutions(String text, int outChannels) {
    ConvShape shape = ConvShape.parse(text);
    for (boolean residual : new boolean[] {false, true}) {
      for (Activation middle : new Activation[] {Activation.RELU6, Activation.SIGMOID}) {
        Problem problem = new Problem(shape, outChannels, middle, residual);
        float[] expected = problem.separately();
        assertArrayEquals(expected, problem.fused(ONE), text);
        assertArrayEquals(expected, problem.fused(FIVE), text);
      }
    }
  }

  @Test
  void slicesOfWiderImagesAreReadAndWrittenInPlace() {
    ConvShape shape = ConvShape.parse("mb2g16ic16ih9oc16kh3ph1");
    Problem problem = new Problem(shape, 16, Activation.RELU, true);
    int[] dims = {2, 48, 9, 9};
    float[] wide = new float[Layout.NCHW16C.length(dims)];
    int image = 9 * 9 * 16;
    for (int n = 0; n < 2; n++) {
      System.arraycopy(problem.input, n * image, wide, n * 3 * image + image, image);
    }
    SeparablePlan plan = problem.plan(ONE);
    plan.run(
        Slice.channels(wide, dims, 16, 16),
        problem.pack(plan),
        new Slice(problem.residual, 0, image),
        Slice.channels(wide, dims, 32, 16));
    float[] expected = problem.separately();
    for (int n = 0; n < 2; n++) {
      int from = n * 3 * image + 2 * image;
      assertArrayEquals(
          Arrays.copyOfRange(expected, n * image, (n + 1) * image),
          Arrays.copyOfRange(wide, from, from + image));
    }
    Slice same = Slice.channels(wide, dims, 0, 16);
    Slice residual = new Slice(problem.residual, 0, image);
    assertMessage("must not overlap", () -> plan.run(same, problem.pack(plan), residual, same));
  }

  @Test
  void emptyBatchComputesNothing() {
    ConvShape shape = ConvShape.parse("g16ic16ih9oc16kh3ph1").batch(0);
    SeparablePlan plan = SeparablePlan.of(shape, 8, Activation.RELU, options(ONE, false));
    assertEquals(0, plan.outputLength());
    PackedSeparable packed =
        plan.pack(new float[shape.filterLength()], null, new float[8 * 16], null);
    plan.run(new float[0], packed, new float[0]);
  }

  @Test
  void sharesOfManyWorkersAreBalanced() {
    SeparableConvolution convolution =
        new SeparableConvolution(ConvShape.parse("g512ic512ih14oc512kh3ph1"), 512, Activation.RELU);
    for (int workers : new int[] {1, 2, 4, 8, 16, 28, 56}) {
      double[] costs =
          IntStream.range(0, workers).mapToDouble(w -> convolution.cost(w, workers)).toArray();
      double most = Arrays.stream(costs).max().orElseThrow();
      assertTrue(
          most <= 1.15 * Arrays.stream(costs).average().orElseThrow(),
          () -> workers + " workers: " + Arrays.toString(costs));
    }
  }

  @Test
  void steadyStateAllocatesNothing() {
    Problem problem =
        new Problem(ConvShape.parse("g16ic16ih9oc16kh3ph1"), 16, Activation.RELU6, false);
    SeparablePlan plan = problem.plan(ONE);
    PackedSeparable packed = problem.pack(plan);
    float[] output = new float[plan.outputLength()];
    plan.warmUp();
    SteadyState.assertAllocatesNothing(() -> plan.run(problem.input, packed, output));
  }

  @Test
  void wrongOperandsAreNamed() {
    ConvShape dense = ConvShape.conv2d(1, 16, 8, 8, 16, 3, 3);
    ConvOptions options = options(ONE, false);
    assertMessage(
        "groups=1 must equal inChannels=16",
        () -> SeparablePlan.of(dense, 8, Activation.RELU, options));
    Problem problem =
        new Problem(ConvShape.parse("g16ic16ih9oc16kh3ph1"), 16, Activation.RELU6, false);
    SeparablePlan plan = problem.plan(ONE);
    PackedSeparable packed = problem.pack(plan);
    float[] output = new float[plan.outputLength()];
    assertMessage("input needs", () -> plan.run(new float[3], packed, output));
    assertMessage("without a residual", () -> plan.run(problem.input, packed, output, output));
    SeparablePlan other =
        SeparablePlan.of(plan.depthwise(), 32, Activation.RELU, options(ONE, false));
    assertMessage("do not fit", () -> other.run(problem.input, packed, new float[2 * 1296]));
    assertTrue(plan.explain().contains("bands of"), plan.explain());
  }

  private static void assertMessage(String part, Runnable action) {
    String message = assertThrows(IllegalArgumentException.class, action::run).getMessage();
    assertTrue(message.contains(part), message);
  }

  private static ConvOptions options(Workers workers, boolean residual) {
    ConvOptions options =
        ConvOptions.defaults().withActivation(Activation.RELU).withWorkers(workers);
    return residual ? options.withResidual() : options;
  }

  /** A separable convolution with random operands. */
  private static final class Problem {
    private final Random random = new Random(3);
    private final ConvShape shape;
    private final int outChannels;
    private final Activation middle;
    private final boolean withResidual;
    private final ConvShape pointwise;
    private final float[] input;
    private final float[] residual;
    private final float[] depthwiseFilter;
    private final float[] depthwiseBias;
    private final float[] pointwiseFilter;
    private final float[] pointwiseBias;

    Problem(ConvShape shape, int outChannels, Activation middle, boolean withResidual) {
      this.shape = shape;
      this.outChannels = outChannels;
      this.middle = middle;
      this.withResidual = withResidual;
      pointwise =
          ConvShape.conv1d(
              shape.batch(), shape.outChannels(), shape.outputPixels(), outChannels, 1);
      input = blocked(shape.inputDims());
      residual = blocked(pointwise.outputDims());
      depthwiseFilter = reals(shape.filterLength());
      depthwiseBias = reals(shape.outChannels());
      pointwiseFilter = reals(pointwise.filterLength());
      pointwiseBias = reals(outChannels);
    }

    SeparablePlan plan(Workers workers) {
      return SeparablePlan.of(shape, outChannels, middle, options(workers, withResidual));
    }

    PackedSeparable pack(SeparablePlan plan) {
      return plan.pack(depthwiseFilter, depthwiseBias, pointwiseFilter, pointwiseBias);
    }

    float[] fused(Workers workers) {
      SeparablePlan plan = plan(workers);
      float[] output = new float[plan.outputLength()];
      Arrays.fill(output, Float.NaN);
      if (withResidual) {
        plan.run(input, pack(plan), residual, output);
      } else {
        plan.run(input, pack(plan), output);
      }
      return output;
    }

    float[] separately() {
      ConvOptions options = ConvOptions.defaults().withWorkers(ONE);
      ConvPlan first =
          ConvPlan.of(shape, options.withAlgorithm(Algorithm.DEPTHWISE).withActivation(middle));
      float[] between = new float[first.outputLength()];
      first.run(input, first.pack(depthwiseFilter, depthwiseBias), between);
      ConvPlan second =
          ConvPlan.of(pointwise, options(ONE, withResidual).withAlgorithm(Algorithm.DIRECT));
      float[] output = new float[second.outputLength()];
      if (withResidual) {
        second.run(between, second.pack(pointwiseFilter, pointwiseBias), residual, output);
      } else {
        second.run(between, second.pack(pointwiseFilter, pointwiseBias), output);
      }
      return output;
    }

    private float[] blocked(int... dims) {
      return Reorder.to(dims, Layout.NCHW, reals(Layout.NCHW.length(dims)), Layout.NCHW16C);
    }

    private float[] reals(int length) {
      float[] values = new float[length];
      for (int i = 0; i < length; i++) {
        values[i] = random.nextFloat() - 0.5f;
      }
      return values;
    }
  }
}
