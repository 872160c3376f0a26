package dev.lanewise.kernels.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.Values;
import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.gradient.PackedGradientFilter;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Plans that pack filters for one run, where another plan's filter was before. */
class FilterMemoryTest {

  /** Whole and odd channels, groups, depthwise, strides, one and three axes. */
  private static final List<String> SHAPES =
      List.of(
          "mb2ic32ih9oc48kh3ph1",
          "mb2ic20ih9oc17kh3ph1",
          "mb2ic3ih15oc24kh7sh2ph3",
          "mb2ic64ih7oc32",
          "mb2g2ic32ih9oc32kh3ph1",
          "mb2g8ic32ih9oc32kh3ph1",
          "mb2g32ic32ih9oc32kh3ph1",
          "mb2g20ic20ih9oc20kh3ph1",
          "mb2ic32ih9oc32kh3sh2ph1",
          "mb2ic16iw40oc32kw5pw2",
          "mb2ic16id4ih6iw6oc16kd3kh3kw3pd1ph1pw1");

  private static float[] reals(int[] dims, long seed) {
    float[] planar = Values.reals(Layout.NCHW.length(dims), seed);
    return Reorder.to(dims, Layout.NCHW, planar, Layout.NCHW16C);
  }

  /** Memory that would show wherever a plan read what it did not write. */
  private static FilterMemory poisoned() {
    FilterMemory memory = new FilterMemory();
    Arrays.fill(memory.weights(1 << 20), Float.NaN);
    Arrays.fill(memory.bias(null, 1 << 10), Float.NaN);
    return memory;
  }

  @Test
  void whatWasThereBeforeDoesNotShow() {
    int algorithms = 0;
    for (String text : SHAPES) {
      ConvShape shape = ConvShape.parse(text);
      float[] filter = Values.reals(shape.filterLength(), 3);
      float[] bias = Values.reals(shape.outChannels(), 4);
      for (Algorithm algorithm : Algorithm.values()) {
        ConvPlan plan;
        try {
          plan = ConvPlan.of(shape, ConvOptions.defaults().withAlgorithm(algorithm));
        } catch (IllegalArgumentException e) {
          continue;
        }
        float[] input = reals(shape.inputDims(), 1);
        float[] expected = new float[plan.outputLength()];
        float[] output = new float[plan.outputLength()];
        plan.run(input, plan.pack(filter, bias), expected);
        plan.run(input, filter, bias, poisoned(), output);
        assertArrayEquals(expected, output, text + ", " + algorithm);
        plan.run(input, plan.pack(filter, null), expected);
        plan.run(input, filter, null, poisoned(), output);
        assertArrayEquals(expected, output, text + ", " + algorithm + " without bias");
        algorithms++;
      }
    }
    assertTrue(algorithms > 3 * SHAPES.size(), algorithms + " plans");
  }

  @Test
  void gradientsByDataDoNotShowItEither() {
    for (String text : SHAPES) {
      ConvShape shape = ConvShape.parse(text);
      ConvGradient gradient = ConvGradient.of(shape);
      float[] filter = Values.reals(shape.filterLength(), 3);
      PackedGradientFilter packed = gradient.packData(filter);
      float[] dy = reals(shape.outputDims(), 2);
      float[] expected = new float[Layout.NCHW16C.length(shape.inputDims())];
      float[] dx = new float[expected.length];
      gradient.data(packed, dy, expected);
      gradient.data(filter, poisoned(), dy, dx);
      assertArrayEquals(expected, dx, text);
    }
  }

  @Tag(SteadyState.TAG)
  @Test
  void steadyStateAllocatesNothing() {
    FilterMemory memory = new FilterMemory();
    try (Workers one = Workers.of(1)) {
      ConvShape shape = ConvShape.parse(SHAPES.getFirst());
      ConvPlan plan = ConvPlan.of(shape, ConvOptions.defaults().withWorkers(one));
      float[] filter = Values.reals(shape.filterLength(), 3);
      float[] input = reals(shape.inputDims(), 1);
      float[] output = new float[plan.outputLength()];
      SteadyState.assertAllocatesNothing(() -> plan.run(input, filter, null, memory, output));
    }
  }
}
