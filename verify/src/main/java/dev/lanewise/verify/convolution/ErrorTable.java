package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.nn.report.Progress;
import dev.lanewise.nn.report.Table;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Findings;
import dev.lanewise.verify.reference.BlockedLayout;
import dev.lanewise.verify.reference.ReferenceConvolution;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The published rounding errors of algorithms that transform their operands, beside those of direct
 * summation: root mean square and largest error against double precision, relative to the root mean
 * square of the outputs, for inputs and filters uniform in [-1, 1).
 */
public final class ErrorTable {

  private static final int[] CHANNELS = {16, 64, 256, 1024, 2048};
  private static final int OUT_CHANNELS = 16;

  /** Rows and columns of the planes that gradients by filter are summed over. */
  private static final int[] PLANES = {7, 14, 28, 56, 112};

  /** Algorithms that have a gradient by filter of their own. */
  private static final List<Algorithm> TRANSFORMED =
      List.of(Algorithm.WINOGRAD_F2, Algorithm.WINOGRAD_F4, Algorithm.WINOGRAD_F6);

  /** Output elements that are compared: every output pixel is met some times. */
  private static final int SAMPLES = 2_000;

  /** Products that the reference computes for a row, at most. */
  private static final long REFERENCE_WORK = 100_000_000;

  /**
   * What an algorithm did on one shape.
   *
   * @param rms root mean square of the errors over that of the outputs
   * @param max largest error over the root mean square of the outputs
   */
  record Errors(double rms, double max) {}

  private record Case(Algorithm algorithm, ConvShape shape) {}

  private final Findings findings;
  private final long seed;
  private final Workers workers;

  /** Checks that are counted in {@code findings}. */
  public ErrorTable(Findings findings, long seed, Workers workers) {
    this.findings = findings;
    this.seed = seed;
    this.workers = workers;
  }

  /** Measures the given algorithms, checks each error against its bound and prints the table. */
  public void run(List<Algorithm> algorithms, PrintStream out) {
    Table table =
        new Table()
            .left("algorithm", "kernel")
            .right("channels", "rms error", "bound", "of direct", "max error", "bound");
    for (Case one : Progress.over("rounding errors", cases(algorithms))) {
      ConvShape shape = one.shape;
      Errors direct = errors(Algorithm.DIRECT, shape);
      Errors errors = one.algorithm == Algorithm.DIRECT ? direct : errors(one.algorithm, shape);
      double rmsBound = ErrorBounds.rms(one.algorithm, shape);
      double maxBound = ErrorBounds.max(one.algorithm, shape);
      check(one, "rms", errors.rms, rmsBound);
      check(one, "largest", errors.max, maxBound);
      int kernel = shape.axes().getLast().kernel();
      table.row(
          one.algorithm.label(),
          kernel + "x" + kernel,
          shape.inChannels(),
          scientific(errors.rms),
          scientific(rmsBound),
          "%.1f".formatted(errors.rms / direct.rms),
          scientific(errors.max),
          scientific(maxBound));
    }
    out.print(table);
  }

  /** The same for gradients by filter of 3x3 kernels, by the size of the plane that is summed. */
  public void runFilterGradients(List<Algorithm> algorithms, PrintStream out) {
    Table table =
        new Table()
            .left("by filter")
            .right("plane", "rms error", "bound", "of direct", "max error", "bound");
    for (int size : PLANES) {
      ConvShape shape = ConvShape.conv2d(1, 16, size, size, 16, 3, 3).padding(1);
      Data data = new Data(seed);
      float[] input = data.reals(new BlockedLayout(shape.inputDims()).denseLength());
      float[] gradOutput = data.reals(new BlockedLayout(shape.outputDims()).denseLength());
      double[] exact = new ReferenceConvolution(shape).gradientOfFilter(input, gradOutput);
      Errors direct = filterErrors(Algorithm.DIRECT, shape, input, gradOutput, exact);
      for (Algorithm algorithm : algorithms) {
        if (TRANSFORMED.contains(algorithm)) {
          Case one = new Case(algorithm, shape);
          Errors errors = filterErrors(algorithm, shape, input, gradOutput, exact);
          double rmsBound = ErrorBounds.filterRms(algorithm, shape);
          check(one, "gradient by filter: rms", errors.rms, rmsBound);
          check(one, "gradient by filter: largest", errors.max, 10 * rmsBound);
          table.row(
              algorithm.label(),
              size + "x" + size,
              scientific(errors.rms),
              scientific(rmsBound),
              "%.1f".formatted(errors.rms / direct.rms),
              scientific(errors.max),
              scientific(10 * rmsBound));
        }
      }
    }
    out.print(table);
  }

  private Errors filterErrors(
      Algorithm algorithm, ConvShape shape, float[] input, float[] gradOutput, double[] exact) {
    ConvOptions options = ConvOptions.defaults().withAlgorithm(algorithm).withWorkers(workers);
    float[] gradient = new float[exact.length];
    ConvGradient.of(shape, options)
        .filter(
            new BlockedLayout(shape.inputDims()).toBlocked(input),
            new BlockedLayout(shape.outputDims()).toBlocked(gradOutput),
            gradient);
    double squares = 0;
    double errorSquares = 0;
    double largest = 0;
    for (int i = 0; i < exact.length; i++) {
      double error = Math.abs(gradient[i] - exact[i]);
      squares += exact[i] * exact[i];
      errorSquares += error * error;
      largest = Math.max(largest, error);
    }
    return new Errors(
        Math.sqrt(errorSquares / squares), largest / Math.sqrt(squares / exact.length));
  }

  private void check(Case one, String what, double error, double bound) {
    findings.check(
        "%s %s error within its published bound".formatted(one.algorithm.label(), what),
        "--seed %d, %s".formatted(seed, one.shape),
        () ->
            error <= bound
                ? Optional.empty()
                : Optional.of("%s over %s".formatted(scientific(error), scientific(bound))));
  }

  private static String scientific(double value) {
    return String.format(Locale.ROOT, "%.1e", value);
  }

  /** Kernels that the algorithms are made for, with every number of channels. */
  private static List<Case> cases(List<Algorithm> algorithms) {
    List<Case> cases = new ArrayList<>();
    for (Algorithm algorithm : algorithms) {
      for (int kernel : new int[] {3, 5, 15}) {
        for (int channels : CHANNELS) {
          ConvShape shape =
              ConvShape.conv2d(1, channels, 24, 24, OUT_CHANNELS, kernel, kernel)
                  .padding(kernel / 2);
          if (!algorithm.isSummation() && algorithm.objection(shape).isEmpty()) {
            cases.add(new Case(algorithm, shape));
          }
        }
      }
    }
    return cases;
  }

  private Errors errors(Algorithm algorithm, ConvShape shape) {
    Data data = new Data(seed);
    float[] input = data.reals(new BlockedLayout(shape.inputDims()).denseLength());
    float[] filter = data.reals(shape.filterLength());
    ConvPlan plan =
        ConvPlan.of(shape, ConvOptions.defaults().withAlgorithm(algorithm).withWorkers(workers));
    float[] output = new float[plan.outputLength()];
    plan.run(
        new BlockedLayout(shape.inputDims()).toBlocked(input), plan.pack(filter, null), output);
    return compare(shape, input, filter, output);
  }

  private Errors compare(ConvShape shape, float[] input, float[] filter, float[] output) {
    ReferenceConvolution reference = new ReferenceConvolution(shape);
    BlockedLayout layout = new BlockedLayout(shape.outputDims());
    int samples = (int) Math.min(SAMPLES, REFERENCE_WORK / shape.terms());
    double squares = 0;
    double errorSquares = 0;
    double largest = 0;
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < samples; i++) {
      int element = random.nextInt(layout.denseLength());
      double expected = reference.element(input, filter, null, element).value();
      double error = Math.abs(output[layout.place(element)] - expected);
      squares += expected * expected;
      errorSquares += error * error;
      largest = Math.max(largest, error);
    }
    double scale = Math.sqrt(squares / samples);
    return new Errors(Math.sqrt(errorSquares / samples) / scale, largest / scale);
  }
}
