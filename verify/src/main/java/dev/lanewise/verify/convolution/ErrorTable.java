package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.nn.report.Table;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Findings;
import dev.lanewise.verify.reference.BlockedLayout;
import dev.lanewise.verify.reference.ReferenceConvolution;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The published rounding errors of algorithms that transform their operands, beside those of direct
 * summation: root mean square and largest error against double precision, relative to the root mean
 * square of the outputs, for inputs and filters uniform in [-1, 1).
 */
public final class ErrorTable {

  private static final List<Integer> CHANNELS = List.of(16, 64, 256, 1024, 2048);
  private static final int OUT_CHANNELS = 16;

  /** Of pointwise kernels, whose channels Strassen's algorithm halves. */
  private static final int POINTWISE_CHANNELS = 64;

  /** Of the algorithms that transform one channel at a time. */
  private static final List<String> DEPTHWISE =
      List.of("g16ic16ih24oc16kh3ph1", "g16ic16ih24oc16kh5ph2");

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

  private final Crew crew;
  private final Findings findings;
  private final long seed;
  private final List<Integer> channels;

  /** Errors that a crew measures, with the seed of their data, checked in {@code findings}. */
  public ErrorTable(Crew crew, Findings findings, long seed) {
    this(crew, findings, seed, CHANNELS);
  }

  /** Of so many input channels only. */
  ErrorTable(Crew crew, Findings findings, long seed, List<Integer> channels) {
    this.crew = crew;
    this.findings = findings;
    this.seed = seed;
    this.channels = List.copyOf(channels);
  }

  /** Measures the given algorithms, checks each error against its bound and prints the table. */
  public void run(List<Algorithm> algorithms, PrintStream out) {
    Table table =
        new Table()
            .left("algorithm", "kernel")
            .right("channels", "rms error", "bound", "of direct", "max error", "bound");
    Map<Case, Errors> measured =
        measured("rounding errors", shapes(algorithms), algorithms, this::errors);
    for (Case one : cases(algorithms)) {
      ConvShape shape = one.shape;
      int kernel = shape.axes().getLast().kernel();
      row(
          table,
          one,
          new Object[] {one.algorithm.label(), kernel + "x" + kernel, shape.inChannels()},
          measured,
          new Errors(ErrorBounds.rms(one.algorithm, shape), ErrorBounds.max(one.algorithm, shape)),
          "");
    }
    out.print(table);
  }

  /** The same for gradients by filter of 3x3 kernels, by the size of the plane that is summed. */
  public void runFilterGradients(List<Algorithm> algorithms, PrintStream out) {
    Table table =
        new Table()
            .left("by filter")
            .right("plane", "rms error", "bound", "of direct", "max error", "bound");
    List<Algorithm> transformed = algorithms.stream().filter(TRANSFORMED::contains).toList();
    List<ConvShape> shapes =
        IntStream.of(PLANES)
            .mapToObj(size -> ConvShape.conv2d(1, 16, size, size, 16, 3, 3).padding(1))
            .toList();
    Map<Case, Errors> measured =
        measured("errors by filter", shapes, transformed, this::filterErrors);
    for (ConvShape shape : shapes) {
      for (Algorithm algorithm : transformed) {
        int size = shape.axes().getLast().input();
        double bound = ErrorBounds.filterRms(algorithm, shape);
        row(
            table,
            new Case(algorithm, shape),
            new Object[] {algorithm.label(), size + "x" + size},
            measured,
            new Errors(bound, 10 * bound),
            "gradient by filter: ");
      }
    }
    out.print(table);
  }

  /** Errors of direct summation and of every algorithm that can compute a shape. */
  private Map<Case, Errors> measured(
      String task,
      List<ConvShape> shapes,
      List<Algorithm> algorithms,
      BiFunction<Problem, Setting, Map<Case, Errors>> errors) {
    Map<Case, Errors> all = new HashMap<>();
    crew.map(
            task,
            shapes,
            (setting, shape) -> errors.apply(new Problem(shape, algorithms, seed), setting))
        .forEach(all::putAll);
    return all;
  }

  private void row(
      Table table,
      Case one,
      Object[] names,
      Map<Case, Errors> measured,
      Errors bounds,
      String direction) {
    Errors errors = measured.get(one);
    Errors direct = measured.get(new Case(Algorithm.DIRECT, one.shape));
    check(one, direction + "rms", errors.rms, bounds.rms);
    check(one, direction + "largest", errors.max, bounds.max);
    List<Object> cells = new ArrayList<>(List.of(names));
    cells.add(scientific(errors.rms));
    cells.add(scientific(bounds.rms));
    cells.add("%.1f".formatted(errors.rms / direct.rms));
    cells.add(scientific(errors.max));
    cells.add(scientific(bounds.max));
    table.row(cells.toArray());
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

  /** Kernels and strides that the algorithms are made for, with every number of channels. */
  private List<Case> cases(List<Algorithm> algorithms) {
    List<Case> cases = new ArrayList<>();
    for (Algorithm algorithm : algorithms) {
      DEPTHWISE.stream()
          .map(ConvShape::parse)
          .filter(shape -> transforms(algorithm, shape))
          .forEach(shape -> cases.add(new Case(algorithm, shape)));
      for (int kernel : new int[] {1, 3, 5, 7, 15}) {
        for (int in : channels) {
          int outChannels = kernel == 1 ? POINTWISE_CHANNELS : OUT_CHANNELS;
          ConvShape shape =
              ConvShape.conv2d(1, in, 24, 24, outChannels, kernel, kernel).padding(kernel / 2);
          Stream.of(shape, shape.stride(2))
              .filter(one -> transforms(algorithm, one))
              .findFirst()
              .ifPresent(one -> cases.add(new Case(algorithm, one)));
        }
      }
    }
    return cases;
  }

  private static boolean transforms(Algorithm algorithm, ConvShape shape) {
    return !algorithm.isSummation() && algorithm.objection(shape).isEmpty();
  }

  private List<ConvShape> shapes(List<Algorithm> algorithms) {
    return cases(algorithms).stream().map(Case::shape).distinct().toList();
  }

  /** One shape with its data, row-major. */
  private static final class Problem {
    final ConvShape shape;
    final BlockedLayout inputs;
    final BlockedLayout outputs;
    final Data data;
    final float[] input;
    private final List<Algorithm> algorithms;

    Problem(ConvShape shape, List<Algorithm> algorithms, long seed) {
      this.shape = shape;
      this.algorithms = algorithms;
      inputs = ConvProblem.inputLayout(shape);
      outputs = ConvProblem.outputLayout(shape);
      data = new Data(seed);
      input = data.reals(inputs.denseLength());
    }

    /** The errors of direct summation, and of the algorithms that transform. */
    Map<Case, Errors> errors(Function<Algorithm, Errors> ofAlgorithm) {
      return Stream.concat(Stream.of(Algorithm.DIRECT), algorithms.stream())
          .filter(a -> a == Algorithm.DIRECT || transforms(a, shape))
          .distinct()
          .collect(Collectors.toMap(a -> new Case(a, shape), ofAlgorithm));
    }
  }

  private Map<Case, Errors> errors(Problem problem, Setting setting) {
    ConvShape shape = problem.shape;
    float[] filter = problem.data.reals(shape.filterLength());
    int samples = (int) Math.min(SAMPLES, REFERENCE_WORK / shape.terms());
    int[] elements =
        new SplittableRandom(seed).ints(samples, 0, problem.outputs.denseLength()).toArray();
    double[] exact =
        new ReferenceConvolution(shape).elements(problem.input, filter, null, elements).values();
    return problem.errors(
        algorithm -> {
          ConvPlan plan = ConvPlan.of(shape, options(algorithm, setting));
          float[] output = new float[plan.outputLength()];
          plan.run(problem.inputs.toBlocked(problem.input), plan.pack(filter, null), output);
          return compare(exact, i -> output[problem.outputs.place(elements[i])]);
        });
  }

  private Map<Case, Errors> filterErrors(Problem problem, Setting setting) {
    ConvShape shape = problem.shape;
    float[] gradOutput = problem.data.reals(problem.outputs.denseLength());
    double[] exact = new ReferenceConvolution(shape).gradientOfFilter(problem.input, gradOutput);
    return problem.errors(
        algorithm -> {
          float[] gradient = new float[exact.length];
          ConvGradient.of(shape, options(algorithm, setting))
              .filter(
                  problem.inputs.toBlocked(problem.input),
                  problem.outputs.toBlocked(gradOutput),
                  gradient);
          return compare(exact, i -> gradient[i]);
        });
  }

  private static ConvOptions options(Algorithm algorithm, Setting setting) {
    return ConvOptions.defaults().withAlgorithm(algorithm).withWorkers(setting.two());
  }

  private static Errors compare(double[] exact, IntToDoubleFunction actual) {
    double squares = 0;
    double errorSquares = 0;
    double largest = 0;
    for (int i = 0; i < exact.length; i++) {
      double error = Math.abs(actual.applyAsDouble(i) - exact[i]);
      squares += exact[i] * exact[i];
      errorSquares += error * error;
      largest = Math.max(largest, error);
    }
    return new Errors(
        Math.sqrt(errorSquares / squares), largest / Math.sqrt(squares / exact.length));
  }
}
