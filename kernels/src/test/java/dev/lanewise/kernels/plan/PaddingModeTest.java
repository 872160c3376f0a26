package dev.lanewise.kernels.plan;

import static dev.lanewise.kernels.Values.reals;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.padding.Padding;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PaddingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Plans of shapes whose padding is not zeros, against padding by hand. */
class PaddingModeTest {

  private static final List<ConvShape> SHAPES =
      List.of(
          ConvShape.conv1d(2, 16, 21, 32, 5).padding(2),
          ConvShape.conv2d(2, 32, 9, 8, 16, 3, 3).padding(new int[] {1, 2}, new int[] {2, 0}),
          ConvShape.conv2d(1, 16, 9, 12, 16, 3, 3).padding(1),
          ConvShape.conv3d(1, 16, 4, 5, 6, 16, 3).padding(1).stride(2, 1, 1));

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void everyAlgorithmGivesTheBitsOfPaddingByHand(Algorithm algorithm) {
    for (PaddingMode mode : PaddingMode.values()) {
      for (ConvShape zeros : SHAPES) {
        ConvShape shape = zeros.padding(mode);
        if (mode != PaddingMode.ZERO && algorithm.objection(shape).isEmpty()) {
          check(shape, ConvOptions.defaults().withAlgorithm(algorithm));
        }
      }
    }
  }

  @Test
  void paddingThatIsMadePartOfTheInputIsNoObjection() {
    ConvShape pointwise = ConvShape.conv2d(1, 64, 6, 8, 64, 1, 1).padding(1);
    assertTrue(Algorithm.STRASSEN.objection(pointwise).isPresent());
    ConvShape circular = pointwise.padding(PaddingMode.CIRCULAR);
    assertEquals(Optional.empty(), Algorithm.STRASSEN.objection(circular));
    check(circular, ConvOptions.defaults().withAlgorithm(Algorithm.STRASSEN));
  }

  private static void check(ConvShape shape, ConvOptions options) {
    ConvPlan plan = ConvPlan.of(shape, options);
    ConvPlan valid = ConvPlan.of(shape.zeroPadded(), options);
    assertArrayEquals(shape.outputDims(), valid.shape().outputDims());
    float[] filter = reals(shape.filterLength(), 1);
    float[] input = reals(plan.inputLength(), 2);
    float[] padded = new float[valid.inputLength()];
    Padding.of(shape, options.workers()).run(input, padded);
    float[] expected = new float[plan.outputLength()];
    valid.run(padded, valid.pack(filter, null), expected);
    float[] output = new float[plan.outputLength()];
    PackedFilter packed = plan.pack(filter, null);
    plan.run(input, packed, output);
    assertArrayEquals(expected, output, plan::explain);
    float[] wide = new float[2 * input.length + 5];
    int image = input.length / shape.batch();
    for (int n = 0; n < shape.batch(); n++) {
      System.arraycopy(input, n * image, wide, 5 + 2 * n * image, image);
    }
    float[] again = new float[output.length];
    plan.run(
        new Slice(wide, 5, 2 * image),
        packed,
        null,
        new Slice(again, 0, again.length / shape.batch()));
    assertArrayEquals(expected, again);
  }

  @Test
  void paddedInputCountsAsWorkspaceAndIsExplained() {
    ConvShape zeros = ConvShape.conv2d(1, 16, 10, 10, 16, 3, 3).padding(1);
    ConvShape shape = zeros.padding(PaddingMode.CIRCULAR);
    ConvOptions options = ConvOptions.defaults().withAlgorithm(Algorithm.DIRECT);
    ConvPlan plan = ConvPlan.of(shape, options);
    ConvPlan valid = ConvPlan.of(shape.zeroPadded(), options);
    assertEquals(4L * 12 * 12 * 16, plan.workspaceBytes() - valid.workspaceBytes());
    assertTrue(plan.explain().contains("circular padding: the input is copied"), plan::explain);
    assertTrue(plan.explain().contains("" + 4 * 12 * 12 * 16), plan::explain);
  }

  @Tag(SteadyState.TAG)
  @Test
  void steadyStateAllocatesNothing() {
    try (Workers one = Workers.of(1)) {
      ConvShape shape = SHAPES.get(2).padding(PaddingMode.REFLECT);
      ConvPlan plan = ConvPlan.of(shape, ConvOptions.defaults().withWorkers(one));
      PackedFilter filter = plan.pack(new float[shape.filterLength()], null);
      float[] input = new float[plan.inputLength()];
      float[] output = new float[plan.outputLength()];
      SteadyState.assertAllocatesNothing(() -> plan.run(input, filter, output));
    }
  }

  @Test
  void callersOfOnePlanDoNotDisturbEachOther() throws Exception {
    ConvShape shape = SHAPES.get(2).padding(PaddingMode.REFLECT);
    try (Workers workers = Workers.of(2);
        ExecutorService callers = Executors.newFixedThreadPool(3)) {
      ConvPlan plan = ConvPlan.of(shape, ConvOptions.defaults().withWorkers(workers));
      PackedFilter filter = plan.pack(reals(shape.filterLength(), 1), null);
      List<Future<?>> running = new ArrayList<>();
      for (int caller = 0; caller < 3; caller++) {
        float[] input = reals(plan.inputLength(), caller);
        float[] expected = new float[plan.outputLength()];
        plan.run(input, filter, expected);
        running.add(
            callers.submit(
                () -> {
                  float[] output = new float[expected.length];
                  for (int round = 0; round < 200; round++) {
                    plan.run(input, filter, output);
                    assertArrayEquals(expected, output);
                  }
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
  }
}
