package dev.lanewise.kernels.winograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.Problem;
import dev.lanewise.kernels.Rules;
import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Minimal filtering at stride 2 against direct sums, and sums written out plainly in double. */
class StridedWinogradTest {

  private static final Algorithm STRIDED = Algorithm.WINOGRAD_STRIDED;

  static Stream<ConvShape> shapes() {
    return Stream.of(
            ConvShape.conv2d(2, 20, 9, 14, 37, 3, 3).padding(1),
            ConvShape.conv2d(1, 64, 28, 28, 96, 3, 3).padding(1),
            ConvShape.conv2d(1, 40, 57, 60, 33, 3, 3).padding(1),
            ConvShape.conv2d(3, 3, 17, 20, 16, 3, 3),
            ConvShape.conv2d(1, 16, 7, 8, 20, 3, 3).padding(new int[] {0, 4}, new int[] {3, 0}),
            ConvShape.conv2d(1, 5, 3, 3, 3, 3, 3).padding(7))
        .map(shape -> shape.stride(2));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void outputsAreExactOnIntegers(ConvShape shape) {
    assertExact(shape);
  }

  @Test
  void everySizeOfInputAndPaddingIsComplete() {
    for (int size = 1; size <= 20; size++) {
      int[] before = {size % 5, 2};
      int[] after = {2, size % 4};
      ConvShape shape = ConvShape.conv2d(1, 3, 21 - size, size, 4, 3, 3);
      assertExact(shape.padding(before, after).stride(2));
    }
  }

  private static void assertExact(ConvShape shape) {
    Problem problem = Problem.of(shape, random -> random.nextInt(7) - 3);
    double[] expected = problem.expected();
    float[] actual = problem.run(STRIDED, Workers.shared());
    assertArrayEquals(
        expected, IntStream.range(0, actual.length).mapToDouble(i -> actual[i]).toArray());
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void workersAndBatchDoNotChangeTheBits(ConvShape shape) {
    Rules.assertSameBits(STRIDED, shape, 2, 7);
  }

  @Test
  void errorsAreThoseOfDirectSummation() {
    ConvShape shape = ConvShape.conv2d(1, 128, 40, 40, 32, 3, 3).stride(2);
    double ratio = Rules.errorRatio(STRIDED, shape);
    assertTrue(ratio < Math.sqrt(2), () -> "ratio " + ratio);
  }

  @Test
  void residualAndActivationReachEveryOutputOnce() {
    ConvShape shape = ConvShape.conv2d(1, 16, 9, 14, 20, 3, 3).padding(1).stride(2);
    Rules.assertEpilogueReachesEveryOutputOnce(STRIDED, shape);
  }

  @Tag(SteadyState.TAG)
  @Test
  void steadyStateAllocatesNothing() {
    ConvShape shape = ConvShape.conv2d(2, 6, 13, 16, 20, 3, 3).padding(1).stride(2);
    Rules.assertAllocatesNothing(STRIDED, shape);
  }

  @Test
  void otherShapesAreRefusedWithTheRule() {
    ConvShape shape = ConvShape.conv2d(1, 32, 16, 16, 32, 3, 3);
    Rules.assertObjection("3 taps at stride 1 and dilation 1", STRIDED, shape);
    Rules.assertObjection(
        "3 taps at stride 2 and dilation 2", STRIDED, shape.stride(2).dilation(2));
    Rules.assertObjection("5 taps", STRIDED, ConvShape.conv2d(1, 32, 16, 16, 32, 5, 5).stride(2));
    Rules.assertObjection("one group", STRIDED, shape.stride(2).groups(2));
    Rules.assertObjection("only planes", STRIDED, ConvShape.conv1d(1, 32, 16, 32, 3).stride(2));
    assertEquals(true, STRIDED.objection(shape.stride(2)).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 128, 256, 512})
  void sharesOfSomeWorkersAreEven(int channels) {
    int size = 112 * 64 / channels;
    ConvShape shape = ConvShape.conv2d(1, channels, size, size, channels, 3, 3).padding(1);
    StridedWinograd algorithm = new StridedWinograd(shape.stride(2), 1);
    for (int workers = 1; workers <= 4; workers++) {
      int all = workers;
      double[] shares =
          IntStream.range(0, all).mapToDouble(worker -> algorithm.cost(worker, all)).toArray();
      double largest = Arrays.stream(shares).max().orElseThrow();
      double mean = Arrays.stream(shares).average().orElseThrow();
      assertTrue(largest <= 1.15 * mean, () -> all + " workers: " + Arrays.toString(shares));
    }
  }
}
