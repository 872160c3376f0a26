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
import dev.lanewise.kernels.plan.Balance;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PaddingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SeparablePlanTest {

  private static final Workers ONE = Workers.of(1);
  private static final Workers TWO = Workers.of(2);
  private static final Workers THREE = Workers.of(3);
  private static final Workers FIVE = Workers.of(5);
  private static final List<Activation> ACTIVATIONS =
      List.of(Activation.IDENTITY, Activation.RELU6, Activation.SIGMOID, Activation.SILU);

  @AfterAll
  static void close() {
    ONE.close();
    TWO.close();
    THREE.close();
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
  void randomShapesHaveTheBitsOfTheTwoConvolutions() {
    Random random = new Random(17);
    for (int i = 0; i < 60; i++) {
      ConvShape shape = randomShape(random);
      Activation middle = ACTIVATIONS.get(random.nextInt(ACTIVATIONS.size()));
      Problem problem = new Problem(shape, 1 + random.nextInt(70), middle, random.nextBoolean());
      float[] expected = problem.separately();
      for (Workers workers : List.of(ONE, TWO, THREE)) {
        assertArrayEquals(expected, problem.fused(workers), shape::toString);
      }
    }
  }

  @Test
  void smallBandsHaveTheSameBits() {
    Random random = new Random(19);
    for (int i = 0; i < 60; i++) {
      ConvShape shape = randomShape(random);
      Problem problem = new Problem(shape, 24, Activation.SIGMOID, false);
      float[] expected = problem.separately();
      for (Workers workers : List.of(ONE, THREE)) {
        ConvOptions options = options(workers, false).withWorkspaceLimit(random.nextInt(40_000));
        SeparablePlan plan = SeparablePlan.of(shape, 24, Activation.SIGMOID, options);
        float[] output = new float[plan.outputLength()];
        plan.run(problem.input, problem.pack(plan), output);
        assertArrayEquals(expected, output, plan::explain);
      }
    }
  }

  @Test
  void longRowsAreCutIntoPiecesThatStayInTheCache() {
    ConvShape shape = ConvShape.parse("g64ic64iw5000oc64kw5pw2");
    Problem problem = new Problem(shape, 16, Activation.RELU, false);
    SeparablePlan plan = problem.plan(ONE);
    assertTrue(plan.workspaceBytes() <= 512 << 10, plan::explain);
    assertArrayEquals(problem.separately(), problem.fused(ONE));
    assertArrayEquals(problem.separately(), problem.fused(THREE));
  }

  @Test
  void anImageHasTheSameBitsAloneAndInABatch() {
    ConvShape one = ConvShape.parse("g20ic20ih9oc20kh3ph1");
    Problem problem = new Problem(one.batch(3), 33, Activation.RELU6, false);
    float[] all = problem.fused(TWO);
    SeparablePlan plan = SeparablePlan.of(one, 33, Activation.RELU6, options(THREE, false));
    float[] output = new float[plan.outputLength()];
    int image = plan.inputLength();
    for (int n = 0; n < 3; n++) {
      float[] input = Arrays.copyOfRange(problem.input, n * image, (n + 1) * image);
      plan.run(input, problem.pack(plan), output);
      int from = n * output.length;
      assertArrayEquals(Arrays.copyOfRange(all, from, from + output.length), output);
    }
  }

  @Test
  void paddingLanesAreZero() {
    Problem problem =
        new Problem(ConvShape.parse("mb2g5ic5ih6oc5kh3ph1"), 18, Activation.SIGMOID, false);
    SeparablePlan plan =
        SeparablePlan.of(
            problem.shape, 18, Activation.EXP, options(ONE, false).withActivation(Activation.EXP));
    float[] output = new float[plan.outputLength()];
    Arrays.fill(output, Float.NaN);
    plan.run(problem.input, problem.pack(plan), output);
    for (int i = 0; i < output.length; i++) {
      boolean isChannel = i / (36 * 16) % 2 == 0 || i % 16 < 2;
      assertEquals(isChannel, output[i] != 0, "lane " + i % 16);
    }
  }

  @ParameterizedTest
  @EnumSource
  void bordersArePaddedInEveryWay(PaddingMode mode) {
    ConvShape shape = ConvShape.parse("mb2g20ic20ih9oc40kh3sh2ph1").padding(mode);
    Problem problem = new Problem(shape, 30, Activation.RELU, true);
    assertArrayEquals(problem.separately(), problem.fused(TWO));
  }

  private static ConvShape randomShape(Random random) {
    int channels = 1 + random.nextInt(50);
    int multiplier = 1 + random.nextInt(3) / 2;
    int kernel = 1 + random.nextInt(5);
    int stride = 1 + random.nextInt(3) / 2;
    int pad = random.nextInt(kernel / 2 + 1);
    int height = kernel + random.nextInt(20);
    int width = kernel + random.nextInt(40);
    int between = channels * multiplier;
    ConvShape shape =
        ConvShape.conv2d(1 + random.nextInt(2), channels, height, width, between, kernel, kernel);
    return shape.groups(channels).stride(stride, stride).padding(pad, pad);
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

  @ParameterizedTest
  @CsvSource({
    "g512ic512ih14oc512kh3ph1, 512",
    "g32ic32ih112oc32kh3ph1, 64",
    "g64ic64ih28oc128kh5sh2ph2, 24",
    "mb16g1024ic1024ih7oc1024kh3ph1, 1024"
  })
  void sharesOfManyWorkersAreBalanced(String text, int outChannels) {
    ConvShape shape = ConvShape.parse(text);
    int pairs = Math.ceilDiv(outChannels, 32);
    int strips = shape.batch() * pairs * Math.ceilDiv(shape.outputPixels(), 14);
    for (int workers = 1; workers <= 128 && strips >= 4 * workers; workers++) {
      SeparableConvolution convolution =
          new SeparableConvolution(shape, outChannels, Activation.RELU, workers, Long.MAX_VALUE);
      Balance balance = Balance.of(convolution, workers);
      assertTrue(balance.ratio() <= 1.15, balance::toString);
    }
  }

  @Tag(SteadyState.TAG)
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
