package dev.lanewise.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.Random;
import java.util.stream.IntStream;

/** What every algorithm has to keep. */
public final class Rules {

  private Rules() {}

  /** Any number of workers gives the bits of one, and so does an image alone. */
  public static void assertSameBits(Algorithm algorithm, ConvShape shape, int... workers) {
    Problem problem = Problem.of(shape.batch(5), Random::nextFloat);
    Problem image = problem.image(4);
    try (Workers one = Workers.of(1)) {
      float[] expected = problem.run(algorithm, one);
      float[] last = image.run(algorithm, one);
      assertArrayEquals(
          Arrays.copyOfRange(expected, expected.length - last.length, expected.length), last);
      for (int count : workers) {
        try (Workers many = Workers.of(count)) {
          assertArrayEquals(expected, problem.run(algorithm, many));
          assertArrayEquals(last, image.run(algorithm, many));
        }
      }
    }
  }

  /** The root of the mean squared error over that of direct summation, on Gaussian values. */
  public static double errorRatio(Algorithm algorithm, ConvShape shape) {
    Problem problem = Problem.of(shape, Random::nextGaussian);
    double[] expected = problem.expected();
    return rms(expected, problem.run(algorithm, Workers.shared()))
        / rms(expected, problem.run(Algorithm.DIRECT, Workers.shared()));
  }

  private static double rms(double[] expected, float[] actual) {
    return Math.sqrt(
        IntStream.range(0, expected.length)
            .mapToDouble(i -> (expected[i] - actual[i]) * (expected[i] - actual[i]))
            .average()
            .orElseThrow());
  }

  /** Bias, residual and activation meet every output, and none of them twice. */
  public static void assertEpilogueReachesEveryOutputOnce(Algorithm algorithm, ConvShape shape) {
    ConvOptions options =
        ConvOptions.defaults()
            .withAlgorithm(algorithm)
            .withResidual()
            .withActivation(new Activation.Clamp(-1, 2));
    ConvPlan plan = ConvPlan.of(shape, options);
    float[] residual = new float[plan.outputLength()];
    Arrays.fill(residual, 1);
    float[] bias = new float[shape.outChannels()];
    Arrays.fill(bias, 0.5f);
    PackedFilter filter = plan.pack(new float[shape.filterLength()], bias);
    float[] output = new float[plan.outputLength()];
    plan.run(new float[plan.inputLength()], filter, residual, output);
    float[] expected = new float[Layout.NCHW.length(shape.outputDims())];
    Arrays.fill(expected, 1.5f);
    assertArrayEquals(
        expected, Reorder.to(shape.outputDims(), Layout.NCHW16C, output, Layout.NCHW));
  }

  /** Neither a run nor packing into an older filter allocates. For tests tagged steady-state. */
  public static void assertAllocatesNothing(Algorithm algorithm, ConvShape shape) {
    try (Workers one = Workers.of(1)) {
      ConvPlan plan =
          ConvPlan.of(shape, ConvOptions.defaults().withAlgorithm(algorithm).withWorkers(one));
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

  /** The algorithm refuses the shape and names the rule. */
  public static void assertObjection(String rule, Algorithm algorithm, ConvShape shape) {
    String objection = algorithm.objection(shape).orElseThrow();
    assertTrue(objection.contains(rule), objection);
  }
}
