package dev.lanewise.kernels.im2col;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.Values;
import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Im2colConvolutionTest {

  private static final ConvOptions IM2COL = ConvOptions.defaults().withAlgorithm(Algorithm.IM2COL);

  static List<ConvShape> shapes() {
    return Reference.shapes();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void integersAreExactAndPaddingLanesZero(ConvShape shape) {
    float[] input = Values.integers(Layout.NCHW.length(shape.inputDims()), 1);
    float[] filter = Values.integers(shape.filterLength(), 2);
    float[] bias = Values.integers(shape.outChannels(), 3);
    float[] expected = new float[Layout.NCHW.length(shape.outputDims())];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = bias[i / shape.outputPixels() % shape.outChannels()];
    }
    Reference.visit(shape, (x, f, y) -> expected[y] += input[x] * filter[f]);
    assertArrayEquals(
        Reorder.to(shape.outputDims(), Layout.NCHW, expected, Layout.NCHW16C),
        run(shape, IM2COL, input, filter, bias));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void workersDoNotChangeTheBits(ConvShape shape) {
    float[] input = Values.reals(Layout.NCHW.length(shape.inputDims()), 1);
    float[] filter = Values.reals(shape.filterLength(), 2);
    float[] bias = Values.reals(shape.outChannels(), 3);
    try (Workers one = Workers.of(1);
        Workers five = Workers.of(5)) {
      assertArrayEquals(
          run(shape, IM2COL.withWorkers(one), input, filter, bias),
          run(shape, IM2COL.withWorkers(five), input, filter, bias));
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void activationReachesEveryOutputOnce(ConvShape shape) {
    float[] halves = new float[Layout.NCHW.length(shape.outputDims())];
    Arrays.fill(halves, 0.5f);
    assertArrayEquals(
        Reorder.to(shape.outputDims(), Layout.NCHW, halves, Layout.NCHW16C),
        run(
            shape,
            IM2COL.withActivation(Activation.SIGMOID),
            new float[Layout.NCHW.length(shape.inputDims())],
            new float[shape.filterLength()],
            new float[shape.outChannels()]));
  }

  @Test
  void termsOfAStemAreCompact() {
    ConvShape stem = ConvShape.conv2d(1, 3, 224, 224, 64, 7, 7).stride(2).padding(3);
    assertEquals(160 * 64, new Im2colConvolution(stem, 1).filterFloats());
  }

  @Tag(SteadyState.TAG)
  @Test
  void steadyStateAllocatesNothing() {
    ConvShape shape = ConvShape.conv2d(1, 6, 8, 8, 20, 3, 3).padding(1);
    try (Workers one = Workers.of(1)) {
      ConvPlan plan = ConvPlan.of(shape, IM2COL.withWorkers(one));
      float[] input = new float[plan.inputLength()];
      float[] output = new float[plan.outputLength()];
      PackedFilter filter = plan.pack(new float[shape.filterLength()], null);
      SteadyState.assertAllocatesNothing(() -> plan.run(input, filter, output));
    }
  }

  private static float[] run(
      ConvShape shape, ConvOptions options, float[] input, float[] filter, float[] bias) {
    ConvPlan plan = ConvPlan.of(shape, options);
    float[] output = new float[plan.outputLength()];
    Arrays.fill(output, Float.NaN);
    plan.run(
        Reorder.to(shape.inputDims(), Layout.NCHW, input, Layout.NCHW16C),
        plan.pack(filter, bias),
        output);
    return output;
  }
}
