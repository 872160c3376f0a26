package dev.lanewise.kernels.winograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.Random;
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
    Problem problem = Problem.of(shape.batch(5), Random::nextFloat);
    try (Workers one = Workers.of(1);
        Workers two = Workers.of(2);
        Workers seven = Workers.of(7)) {
      float[] expected = problem.run(STRIDED, one);
      assertArrayEquals(expected, problem.run(STRIDED, two));
      assertArrayEquals(expected, problem.run(STRIDED, seven));
      float[] last = problem.image(4).run(STRIDED, two);
      assertArrayEquals(
          Arrays.copyOfRange(expected, expected.length - last.length, expected.length), last);
    }
  }

  @Test
  void errorsAreThoseOfDirectSummation() {
    ConvShape shape = ConvShape.conv2d(1, 128, 40, 40, 32, 3, 3).stride(2);
    Problem problem = Problem.of(shape, Random::nextGaussian);
    double[] expected = problem.expected();
    double direct = squares(expected, problem.run(Algorithm.DIRECT, Workers.shared()));
    double strided = squares(expected, problem.run(STRIDED, Workers.shared()));
    assertTrue(strided < 2 * direct, () -> strided + " against " + direct);
  }

  private static double squares(double[] expected, float[] actual) {
    return IntStream.range(0, expected.length)
        .mapToDouble(i -> (expected[i] - actual[i]) * (expected[i] - actual[i]))
        .sum();
  }

  @Test
  void residualAndActivationReachEveryOutputOnce() {
    ConvShape shape = ConvShape.conv2d(1, 16, 9, 14, 32, 3, 3).padding(1).stride(2);
    ConvOptions options =
        ConvOptions.defaults()
            .withAlgorithm(STRIDED)
            .withResidual()
            .withActivation(new Activation.Clamp(-1, 2));
    ConvPlan plan = ConvPlan.of(shape, options);
    float[] residual = new float[plan.outputLength()];
    Arrays.fill(residual, 1);
    float[] bias = new float[32];
    Arrays.fill(bias, 0.5f);
    float[] output = new float[plan.outputLength()];
    PackedFilter filter = plan.pack(new float[shape.filterLength()], bias);
    plan.run(new float[plan.inputLength()], filter, residual, output);
    float[] expected = new float[plan.outputLength()];
    Arrays.fill(expected, 1.5f);
    assertArrayEquals(expected, output);
  }

  @Tag(SteadyState.TAG)
  @Test
  void steadyStateAllocatesNothing() {
    ConvShape shape = ConvShape.conv2d(2, 6, 13, 16, 20, 3, 3).padding(1).stride(2);
    try (Workers one = Workers.of(1)) {
      ConvPlan plan =
          ConvPlan.of(shape, ConvOptions.defaults().withAlgorithm(STRIDED).withWorkers(one));
      float[] input = new float[plan.inputLength()];
      float[] output = new float[plan.outputLength()];
      float[] weights = new float[shape.filterLength()];
      PackedFilter filter = plan.pack(weights, null);
      SteadyState.assertAllocatesNothing(
          () -> {
            plan.repack(weights, null, filter);
            plan.run(input, filter, output);
          });
    }
  }

  @Test
  void otherShapesAreRefusedWithTheRule() {
    ConvShape shape = ConvShape.conv2d(1, 32, 16, 16, 32, 3, 3);
    assertObjection("3 taps at stride 1 and dilation 1", shape);
    assertObjection("3 taps at stride 2 and dilation 2", shape.stride(2).dilation(2));
    assertObjection("5 taps", ConvShape.conv2d(1, 32, 16, 16, 32, 5, 5).stride(2));
    assertObjection("one group", shape.stride(2).groups(2));
    assertObjection("only planes", ConvShape.conv1d(1, 32, 16, 32, 3).stride(2));
    assertEquals(true, STRIDED.objection(shape.stride(2)).isEmpty());
  }

  private static void assertObjection(String rule, ConvShape shape) {
    String objection = STRIDED.objection(shape).orElseThrow();
    assertTrue(objection.contains(rule), objection);
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
