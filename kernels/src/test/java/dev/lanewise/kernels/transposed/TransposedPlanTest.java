package dev.lanewise.kernels.transposed;

import static dev.lanewise.kernels.Values.integers;
import static dev.lanewise.kernels.Values.reals;
import static dev.lanewise.kernels.transposed.TransposedShape.transposed1d;
import static dev.lanewise.kernels.transposed.TransposedShape.transposed2d;
import static dev.lanewise.kernels.transposed.TransposedShape.transposed3d;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TransposedPlanTest {

  private static final Workers ONE = Workers.of(1);
  private static final Workers THREE = Workers.of(3);

  @AfterAll
  static void close() {
    ONE.close();
    THREE.close();
  }

  static List<TransposedShape> shapes() {
    return List.of(
        transposed2d(2, 20, 7, 6, 33, 3, 3).stride(2).padding(1).outputPadding(1),
        transposed2d(1, 16, 5, 19, 48, 4, 4).stride(2).padding(1),
        transposed2d(1, 18, 4, 5, 17, 2, 2).stride(2),
        transposed2d(1, 16, 4, 5, 17, 1, 1).stride(2, 3).outputPadding(1, 2),
        transposed2d(1, 5, 4, 6, 7, 5, 3).stride(3, 2).padding(new int[] {2, 0}, new int[] {1, 2}),
        transposed2d(1, 9, 5, 6, 20, 3, 3).stride(2).dilation(2).padding(1),
        transposed2d(1, 9, 5, 6, 20, 3, 2).stride(4, 6).dilation(6, 4).padding(3, 1),
        transposed2d(1, 9, 5, 6, 20, 3, 3).stride(2).dilation(3).outputPadding(2),
        transposed2d(1, 4, 3, 3, 5, 3, 3).stride(2).padding(2),
        transposed2d(1, 4, 6, 5, 5, 3, 3).padding(3),
        transposed2d(1, 24, 6, 5, 36, 3, 3).padding(1),
        transposed2d(2, 24, 6, 5, 24, 3, 3).groups(24).padding(1).stride(2),
        transposed2d(1, 64, 6, 5, 96, 3, 3).groups(2).padding(1).stride(2),
        transposed2d(1, 12, 6, 5, 30, 3, 3).groups(3).stride(2),
        transposed1d(2, 17, 33, 20, 5).stride(3).padding(2).outputPadding(1),
        transposed1d(1, 3, 1, 2, 2).stride(5),
        transposed1d(3, 20, 12, 18, 3).dilation(2).padding(1),
        transposed3d(1, 7, 3, 4, 5, 18, 3).padding(1).stride(2, 1, 2).outputPadding(1, 0, 1),
        transposed3d(2, 5, 2, 3, 3, 4, 2).stride(2).dilation(1, 2, 1));
  }

  private static float[] values(int length, long seed, boolean integers) {
    return integers ? integers(length, seed) : reals(length, seed);
  }

  private static float[] blocked(int[] dims, float[] planar) {
    return Reorder.to(dims, Layout.NCHW, planar, Layout.NCHW16C);
  }

  /** The whole blocked output, from unset memory, so that dirty padding lanes show as well. */
  private static float[] run(TransposedShape shape, ConvOptions options, boolean integers) {
    TransposedPlan plan = TransposedPlan.of(shape, options);
    float[] filter = values(shape.filterLength(), 1, integers);
    float[] bias = values(shape.outChannels(), 2, integers);
    float[] input = values(Layout.NCHW.length(shape.inputDims()), 3, integers);
    float[] output = new float[plan.outputLength()];
    Arrays.fill(output, Float.NaN);
    plan.run(blocked(shape.inputDims(), input), plan.pack(filter, bias), output);
    return output;
  }

  /** Direct summation: exact, and the same choice for any batch and number of workers. */
  private static ConvOptions on(Workers workers) {
    return ConvOptions.defaults().withAlgorithm(Algorithm.DIRECT).withWorkers(workers);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void integersAreExactWithEpilogue(TransposedShape shape) {
    int[] dims = shape.outputDims();
    float[] input = integers(Layout.NCHW.length(shape.inputDims()), 1);
    float[] filter = integers(shape.filterLength(), 2);
    float[] bias = integers(shape.outChannels(), 3);
    float[] residual = integers(Layout.NCHW.length(dims), 4);
    float[] expected = new float[residual.length];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = residual[i] + bias[i / shape.outputPixels() % shape.outChannels()];
    }
    ScatteredSum.add(shape, input, filter, expected);
    for (int i = 0; i < expected.length; i++) {
      expected[i] = Math.clamp(expected[i], 1, 9);
    }
    TransposedPlan plan =
        TransposedPlan.of(
            shape, on(THREE).withResidual().withActivation(new Activation.Clamp(1, 9)));
    float[] output = new float[plan.outputLength()];
    Arrays.fill(output, Float.NaN);
    plan.run(
        blocked(shape.inputDims(), input),
        plan.pack(filter, bias),
        blocked(dims, residual),
        output);
    assertArrayEquals(blocked(dims, expected), output);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void bitsDoNotDependOnThreadsOrBatch(TransposedShape shape) {
    float[] output = run(shape, on(ONE), false);
    assertArrayEquals(output, run(shape, on(THREE), false));
    float[] alone = run(shape.batch(1), on(THREE), false);
    assertArrayEquals(alone, Arrays.copyOf(output, alone.length));
  }

  @Test
  void largeFiltersAreTurnedByAllWorkersTogether() {
    for (int stride = 1; stride <= 2; stride++) {
      TransposedShape shape = transposed2d(1, 131, 3, 3, 259, 3, 3).stride(stride);
      assertArrayEquals(run(shape, on(ONE), false), run(shape, on(THREE), false));
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void gradientOfTheForwardConvolutionIsTheSameShape(TransposedShape shape) {
    if (shape.axes().stream().allMatch(axis -> axis.outputPadding() < axis.stride())) {
      ConvShape forward = shape.forward();
      assertArrayEquals(shape.inputDims(), forward.outputDims());
      assertArrayEquals(shape.outputDims(), forward.inputDims());
      assertEquals(shape.outputPixels(), TransposedShape.gradientOf(forward).outputPixels());
    }
  }

  @Test
  void sharesAreBalancedForManyWorkers() {
    for (TransposedShape shape :
        List.of(
            transposed2d(1, 128, 28, 28, 128, 3, 3).stride(2).padding(1).outputPadding(1),
            transposed2d(16, 256, 14, 14, 128, 2, 2).stride(2),
            transposed2d(1, 64, 56, 56, 3, 7, 7).stride(2).padding(3).outputPadding(1))) {
      PhaseConvolution phases = new PhaseConvolution(shape);
      for (int workers : new int[] {1, 2, 3, 7, 16, 31}) {
        int count = workers;
        double[] costs =
            IntStream.range(0, workers).mapToDouble(w -> phases.cost(w, count)).toArray();
        double most = Arrays.stream(costs).max().orElseThrow();
        assertTrue(most <= 1.15 * Arrays.stream(costs).average().orElseThrow(), shape.toString());
      }
    }
  }

  @Test
  void filterCanBePackedAgain() {
    for (int stride = 1; stride <= 2; stride++) {
      TransposedShape shape = transposed2d(1, 20, 5, 6, 18, 3, 3).stride(stride).padding(1);
      TransposedPlan plan = TransposedPlan.of(shape, on(ONE));
      float[] filter = reals(shape.filterLength(), 1);
      float[] bias = reals(shape.outChannels(), 2);
      float[] input = reals(plan.inputLength(), 3);
      float[] expected = new float[plan.outputLength()];
      float[] output = new float[plan.outputLength()];
      plan.run(input, plan.pack(filter, bias), expected);
      PackedTransposedFilter packed = plan.pack(reals(filter.length, 4), bias);
      plan.repack(filter, bias, packed);
      plan.run(input, packed, output);
      assertArrayEquals(expected, output);
    }
  }

  @Tag(SteadyState.TAG)
  @Test
  void runsAllocateNothing() {
    TransposedShape shape = transposed2d(1, 20, 5, 6, 18, 3, 3).stride(2).padding(1);
    TransposedPlan plan = TransposedPlan.of(shape, on(ONE));
    PackedTransposedFilter packed = plan.pack(new float[shape.filterLength()], null);
    float[] input = new float[plan.inputLength()];
    float[] output = new float[plan.outputLength()];
    SteadyState.assertAllocatesNothing(() -> plan.run(input, packed, output));
  }

  @Test
  void emptyBatchGivesEmptyOutput() {
    TransposedShape shape = transposed2d(0, 20, 5, 6, 18, 3, 3).stride(2);
    assertEquals(0, run(shape, on(ONE), true).length);
  }

  @Test
  void misuseIsRefused() {
    TransposedShape shape = transposed2d(1, 4, 5, 6, 8, 3, 3).stride(2);
    TransposedPlan plan = TransposedPlan.of(shape, on(ONE));
    PackedTransposedFilter packed = plan.pack(new float[shape.filterLength()], null);
    float[] input = new float[plan.inputLength()];
    float[] output = new float[plan.outputLength()];
    assertThrows(IllegalArgumentException.class, () -> shape.outputPadding(2));
    assertThrows(IllegalArgumentException.class, () -> shape.padding(9).outputDims());
    assertThrows(IllegalArgumentException.class, () -> shape.groups(3));
    assertThrows(IllegalArgumentException.class, () -> plan.pack(new float[1], null));
    assertThrows(IllegalArgumentException.class, () -> plan.run(new float[1], packed, output));
    assertThrows(IllegalArgumentException.class, () -> plan.run(input, packed, input));
    assertThrows(
        IllegalArgumentException.class, () -> plan.run(input, packed, output.clone(), output));
    TransposedPlan other = TransposedPlan.of(transposed2d(1, 4, 5, 6, 8, 3, 2), on(ONE));
    assertThrows(
        IllegalArgumentException.class,
        () -> other.run(new float[other.inputLength()], packed, new float[other.outputLength()]));
  }
}
