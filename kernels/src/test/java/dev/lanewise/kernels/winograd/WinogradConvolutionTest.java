package dev.lanewise.kernels.winograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.Problem;
import dev.lanewise.kernels.Rules;
import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Winograd's convolution against sums written out plainly in double. */
class WinogradConvolutionTest {

  /** The longer side of a tile: square tiles of that size have the larger bound. */
  private static final Map<Algorithm, Integer> OUTPUTS =
      Map.of(
          Algorithm.WINOGRAD_F2, 2,
          Algorithm.WINOGRAD_F4, 4,
          Algorithm.WINOGRAD_F4X2, 4,
          Algorithm.WINOGRAD_F6, 6);

  static Stream<ConvShape> shapes() {
    return Stream.of(
        ConvShape.conv2d(2, 20, 9, 14, 37, 3, 3).padding(1),
        ConvShape.conv2d(1, 64, 13, 13, 96, 3, 3).padding(1),
        ConvShape.conv2d(1, 16, 7, 8, 16, 3, 3).padding(new int[] {0, 4}, new int[] {3, 0}),
        ConvShape.conv2d(1, 5, 3, 3, 3, 3, 3).padding(7),
        ConvShape.conv2d(1, 33, 12, 11, 20, 5, 5).padding(2),
        ConvShape.conv2d(2, 17, 11, 9, 40, 3, 5).padding(1),
        ConvShape.conv2d(1, 20, 9, 17, 33, 1, 3).padding(0, 1),
        ConvShape.conv2d(1, 20, 9, 17, 33, 1, 7).padding(1, 3),
        ConvShape.conv2d(1, 20, 17, 9, 33, 5, 1).padding(2, 0),
        ConvShape.conv2d(1, 20, 17, 9, 33, 1, 3).stride(2, 1).padding(1),
        ConvShape.conv2d(2, 17, 15, 13, 20, 3, 3).padding(2).dilation(2),
        ConvShape.conv2d(1, 17, 15, 19, 20, 3, 3).padding(3, 5).dilation(3, 5),
        ConvShape.conv2d(1, 64, 10, 9, 96, 3, 3).groups(2).padding(1),
        ConvShape.conv2d(1, 96, 10, 9, 48, 5, 5).groups(3).padding(2),
        ConvShape.conv1d(3, 18, 40, 20, 3).padding(2),
        ConvShape.conv1d(1, 1, 5, 1, 5).padding(2),
        ConvShape.conv3d(2, 7, 6, 5, 7, 18, 3).padding(1),
        ConvShape.conv3d(1, 20, 7, 9, 5, 18, 3).padding(2).dilation(2, 1, 3).stride(3, 1, 1));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void errorsStayWithinTheBoundOfTheMatrices(ConvShape shape) {
    for (Algorithm algorithm : able(shape)) {
      assertWithinBound(shape, algorithm, Workers.shared());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5})
  void everySizeOfOutputAndPaddingIsComplete(int kernel) {
    for (int size = 1; size <= 20; size++) {
      ConvShape shape =
          new ConvShape(
              1,
              3,
              4,
              1,
              List.of(
                  new Axis(21 - size, kernel, 1, kernel - 1, kernel / 2, 1),
                  new Axis(size + 2, 3, 1, size % 4, 0, 1)));
      for (Algorithm algorithm : able(shape)) {
        assertWithinBound(shape, algorithm, Workers.shared());
      }
    }
  }

  @Test
  void twoOutputsATimeAreExactOnIntegers() {
    ConvShape shape = ConvShape.conv2d(2, 20, 9, 14, 37, 3, 3).padding(1).dilation(1, 2);
    Problem problem = Problem.of(shape, random -> random.nextInt(7) - 3);
    assertArrayEquals(
        problem.run(Algorithm.DIRECT, Workers.shared()),
        problem.run(Algorithm.WINOGRAD_F2, Workers.shared()));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void workersAndBatchDoNotChangeTheBits(ConvShape shape) {
    for (Algorithm algorithm : able(shape)) {
      Rules.assertSameBits(algorithm, shape, 2, 7);
    }
  }

  @Test
  void stagesDoNotChangeTheBits() {
    int staged = 0;
    try (Workers one = Workers.of(1);
        Workers many = Workers.of(12)) {
      for (ConvShape shape : shapes().toList()) {
        ConvShape wide =
            new ConvShape(
                shape.batch(),
                8 * shape.inChannels(),
                8 * shape.outChannels(),
                shape.groups(),
                shape.axes());
        Problem problem = Problem.of(wide, Random::nextFloat);
        for (Algorithm algorithm : able(wide)) {
          if (new WinogradConvolution(wide, OUTPUTS.get(algorithm), 12).stages(12) > 1) {
            staged++;
            assertArrayEquals(problem.run(algorithm, one), problem.run(algorithm, many));
          }
        }
      }
    }
    assertTrue(staged > 5, "staged: " + staged);
  }

  @Test
  void fewTilesAreSharedByManyWorkersInStages() {
    ConvShape shape = ConvShape.conv2d(1, 512, 7, 7, 512, 3, 3).padding(1);
    WinogradConvolution algorithm = new WinogradConvolution(shape, 4, 12);
    assertEquals(1, algorithm.stages(1));
    assertEquals(3, algorithm.stages(12));
    assertTrue(
        IntStream.range(0, 12).mapToDouble(worker -> algorithm.cost(worker, 12)).sum()
            < 1.2 * algorithm.cost(0, 1));
  }

  @Test
  void errorsAreAFewTimesThoseOfDirectSummation() {
    ConvShape small = ConvShape.conv2d(1, 128, 24, 24, 32, 3, 3);
    assertErrorRatio(small, Algorithm.WINOGRAD_F2, 1);
    assertErrorRatio(small, Algorithm.WINOGRAD_F4, 5);
    assertErrorRatio(small, Algorithm.WINOGRAD_F4X2, 2);
    assertErrorRatio(small, Algorithm.WINOGRAD_F6, 10);
    ConvShape large = ConvShape.conv2d(1, 64, 24, 24, 32, 5, 5);
    assertErrorRatio(large, Algorithm.WINOGRAD_F2, 5);
    assertErrorRatio(large, Algorithm.WINOGRAD_F4, 5);
  }

  @Test
  void warmUpServesColumnsThatLieApart() {
    for (String text :
        List.of("ic16ih12oc16kh3ph2rh2", "ic16ih30oc16kh3ph8rh8", "ic16ih9iw12oc16kh1kw3pw1")) {
      ConvShape shape = ConvShape.parse(text);
      ConvPlan.of(shape, ConvOptions.defaults().withAlgorithm(Algorithm.WINOGRAD_F4)).warmUp();
      ConvGradient.of(shape, ConvOptions.defaults()).warmUp();
    }
  }

  @Test
  void residualAndActivationReachEveryOutputOnce() {
    ConvShape shape = ConvShape.conv2d(1, 16, 9, 13, 20, 3, 3).padding(2).dilation(2);
    for (Algorithm algorithm : able(shape)) {
      Rules.assertEpilogueReachesEveryOutputOnce(algorithm, shape);
    }
  }

  @Tag(SteadyState.TAG)
  @Test
  void steadyStateAllocatesNothing() {
    ConvShape shape = ConvShape.conv2d(2, 6, 8, 9, 20, 3, 3).padding(1);
    for (Algorithm algorithm : able(shape)) {
      Rules.assertAllocatesNothing(algorithm, shape);
    }
  }

  @Test
  void shapesWithoutATransformAreRefusedWithTheRule() {
    ConvShape shape = ConvShape.conv2d(1, 32, 16, 16, 32, 3, 3);
    assertObjection("stride 2 along 3 taps", shape.stride(2));
    assertObjection("dilation 100 exceeds 64", shape.padding(200).dilation(100));
    assertObjection("there is no F(4, 23)", ConvShape.conv2d(1, 1, 30, 30, 1, 1, 23));
    assertObjection("there is no F(4, 4)", ConvShape.conv2d(1, 32, 16, 16, 32, 4, 4));
    assertObjection(
        "pointwise kernel has nothing to save", ConvShape.conv2d(1, 32, 16, 16, 32, 1, 1));
    assertObjection("groups of 8 > 8 channels are not whole blocks of 16", shape.groups(4));
    Rules.assertObjection(
        "F(4x2, 3x3) is of 3x3 kernels alone",
        Algorithm.WINOGRAD_F4X2,
        ConvShape.conv2d(1, 32, 16, 16, 32, 3, 5));
    assertEquals(
        List.of(Algorithm.WINOGRAD_F2, Algorithm.WINOGRAD_F4),
        able(ConvShape.conv2d(1, 1, 9, 9, 1, 5, 5)));
  }

  /** Strips of 14 tiles and 32 output channels; every worker has at least four. */
  @ParameterizedTest
  @ValueSource(ints = {64, 128, 256, 512})
  void sharesOfManyWorkersAreEven(int channels) {
    int size = 56 * 64 / channels;
    ConvShape shape = ConvShape.conv2d(1, channels, size, size, channels, 3, 3).padding(1);
    for (int outputs : new int[] {2, 4}) {
      for (int batch : new int[] {1, 16}) {
        WinogradConvolution algorithm = new WinogradConvolution(shape.batch(batch), outputs, 1);
        int strips = new Tiling(shape.batch(batch), outputs).tiles() / 14 * (channels / 32);
        for (int workers = 1; workers <= Math.min(128, strips / 4); workers++) {
          assertEven(algorithm, workers);
        }
      }
    }
  }

  private static void assertEven(WinogradConvolution algorithm, int workers) {
    DoubleSummaryStatistics shares =
        IntStream.range(0, workers)
            .mapToDouble(worker -> algorithm.cost(worker, workers))
            .summaryStatistics();
    assertTrue(
        shares.getMax() <= 1.15 * shares.getAverage(),
        () -> "%d workers: %s %s".formatted(workers, shares, algorithm.explain()));
  }

  private static void assertObjection(String rule, ConvShape shape) {
    Rules.assertObjection(rule, Algorithm.WINOGRAD_F4, shape);
  }

  private static List<Algorithm> able(ConvShape shape) {
    return OUTPUTS.keySet().stream()
        .sorted()
        .filter(algorithm -> algorithm.objection(shape).isEmpty())
        .toList();
  }

  private static void assertWithinBound(ConvShape shape, Algorithm algorithm, Workers workers) {
    Problem problem = Problem.of(shape, random -> 2 * random.nextFloat() - 1);
    double bound = RoundingBound.of(shape, OUTPUTS.get(algorithm), 1, 1, 1);
    double[] expected = problem.expected();
    float[] actual = problem.run(algorithm, workers);
    for (int i = 0; i < expected.length; i++) {
      int at = i;
      assertEquals(
          expected[i], actual[i], bound, () -> "%s %s at %d".formatted(algorithm, shape, at));
    }
  }

  private static void assertErrorRatio(ConvShape shape, Algorithm algorithm, double most) {
    double ratio = Rules.errorRatio(algorithm, shape);
    assertTrue(ratio < most, () -> "%s on %s: %.2f".formatted(algorithm, shape, ratio));
  }
}
