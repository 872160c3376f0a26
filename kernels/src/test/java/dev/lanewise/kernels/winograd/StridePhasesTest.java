package dev.lanewise.kernels.winograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.Problem;
import dev.lanewise.kernels.Rules;
import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Winograd's algorithm on the phases of strided inputs, against plain sums in double. */
class StridePhasesTest {

  private static final Algorithm PHASES = Algorithm.WINOGRAD_PHASES;

  static Stream<ConvShape> shapes() {
    return Stream.of(
        ConvShape.conv2d(1, 3, 40, 45, 20, 7, 7).padding(3).stride(2),
        ConvShape.conv2d(2, 3, 47, 43, 33, 11, 11).stride(4),
        ConvShape.conv2d(1, 1, 30, 33, 16, 5, 5).padding(2).stride(2),
        ConvShape.conv2d(1, 32, 21, 24, 40, 6, 5).padding(2).stride(2),
        ConvShape.conv2d(1, 16, 23, 20, 16, 10, 9)
            .padding(new int[] {0, 7}, new int[] {5, 0})
            .stride(2),
        ConvShape.conv2d(2, 5, 29, 17, 3, 9, 3).padding(9, 1).stride(3, 1),
        ConvShape.conv2d(1, 4, 20, 31, 18, 1, 7).padding(0, 3).stride(1, 2),
        ConvShape.conv2d(1, 7, 33, 19, 18, 9, 1).stride(2, 3),
        ConvShape.conv1d(3, 6, 61, 20, 15).padding(7).stride(4),
        ConvShape.conv3d(1, 3, 7, 17, 22, 18, 5).padding(2).stride(2, 2, 2),
        ConvShape.conv3d(2, 16, 5, 15, 12, 17, 5).padding(1).stride(1, 2, 2).dilation(1, 1, 1));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void errorsStayWithinTheBoundOfTheMatrices(ConvShape shape) {
    assertWithinBound(shape);
  }

  @Test
  void everySizeOfInputAndPaddingIsComplete() {
    for (int size = 7; size <= 30; size++) {
      int[] before = {size % 5, 2};
      int[] after = {2, size % 4};
      assertWithinBound(
          ConvShape.conv2d(1, 3, 37 - size, size, 4, 7, 7).padding(before, after).stride(2));
      assertWithinBound(
          ConvShape.conv2d(1, 2, size, 37 - size, 4, 5, 6).padding(before, after).stride(2));
    }
  }

  private static void assertWithinBound(ConvShape shape) {
    Problem problem = Problem.of(shape, random -> 2 * random.nextFloat() - 1);
    StridePhases phases = StridePhases.of(shape);
    double bound = RoundingBound.of(phases.inner(), phases.outputs(), 1, 1, 1);
    assertArrayEquals(problem.expected(), doubles(problem.run(PHASES, Workers.shared())), bound);
  }

  private static double[] doubles(float[] floats) {
    return IntStream.range(0, floats.length).mapToDouble(i -> floats[i]).toArray();
  }

  @Test
  void errorsAreAFewTimesThoseOfDirectSummation() {
    ConvShape shape = ConvShape.conv2d(1, 32, 61, 61, 32, 7, 7).stride(2);
    double ratio = Rules.errorRatio(PHASES, shape);
    assertTrue(ratio < 6, () -> "ratio " + ratio);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void workersStagesAndBatchDoNotChangeTheBits(ConvShape shape) {
    Rules.assertSameBits(PHASES, shape, 2, 24);
  }

  @Test
  void someOfTheShapesAreComputedInStages() {
    assertTrue(shapes().anyMatch(shape -> WinogradConvolution.ofPhases(shape, 24).stages(24) > 1));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void planarInputsGiveTheSameBits(ConvShape shape) {
    ConvPlan plan = ConvPlan.of(shape, ConvOptions.defaults().withAlgorithm(PHASES));
    Problem problem = Problem.of(shape, Random::nextFloat);
    PackedFilter filter = plan.pack(problem.filter(), problem.bias());
    assertEquals(shape.inChannels() % 16 != 0, plan.takesPlanar());
    if (plan.takesPlanar()) {
      Slice output = Slice.allocate(shape.outputDims());
      plan.runPlanar(problem.input(), filter, output);
      float[] blocked =
          Arrays.copyOfRange(output.data(), output.first(), output.first() + plan.outputLength());
      assertArrayEquals(
          problem.run(PHASES, Workers.shared()),
          Reorder.to(shape.outputDims(), Layout.NCHW16C, blocked, Layout.NCHW));
    }
  }

  @Test
  void residualAndActivationReachEveryOutputOnce() {
    ConvShape shape = ConvShape.conv2d(1, 3, 31, 34, 32, 7, 7).padding(3).stride(2);
    Rules.assertEpilogueReachesEveryOutputOnce(PHASES, shape);
  }

  @Tag(SteadyState.TAG)
  @Test
  void steadyStateAllocatesNothing() {
    ConvShape shape = ConvShape.conv2d(2, 3, 21, 24, 20, 7, 7).padding(3).stride(2);
    Rules.assertAllocatesNothing(PHASES, shape);
  }

  @Test
  void aFilterPackedForAnotherStrideDoesNotFit() {
    ConvShape shape = ConvShape.conv2d(1, 3, 40, 40, 16, 12, 12);
    ConvOptions options = ConvOptions.defaults().withAlgorithm(PHASES);
    PackedFilter filter =
        ConvPlan.of(shape.stride(4), options).pack(new float[shape.filterLength()], null);
    ConvPlan other = ConvPlan.of(shape.stride(3), options);
    assertNotEquals(0, other.inputLength());
    assertThrows(
        IllegalArgumentException.class,
        () -> other.run(new float[other.inputLength()], filter, new float[other.outputLength()]));
  }

  @Test
  void otherShapesAreRefusedWithTheRule() {
    ConvShape shape = ConvShape.conv2d(1, 32, 30, 30, 32, 7, 7);
    Rules.assertObjection("stride 1", PHASES, shape);
    Rules.assertObjection("dilation 2", PHASES, shape.stride(2).dilation(2));
    Rules.assertObjection("one group", PHASES, shape.stride(2).groups(2));
    Rules.assertObjection("2 taps a phase", PHASES, shape.stride(4));
    Rules.assertObjection(
        "7 taps a phase along one axis, 4 along the other", PHASES, shape.stride(1, 2));
    assertEquals(List.of(), PHASES.objection(shape.stride(2)).stream().toList());
  }
}
