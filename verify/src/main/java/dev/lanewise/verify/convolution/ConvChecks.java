package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.verify.LayerList.Row;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Findings;
import dev.lanewise.verify.check.Lazy;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.BlockedLayout;
import dev.lanewise.verify.reference.ReferenceActivation;
import dev.lanewise.verify.reference.ReferenceConvolution;
import dev.lanewise.verify.reference.ReferenceConvolution.Sums;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * All that a forward convolution promises, checked for one shape and algorithm.
 *
 * <p>On small integers every sum is exact whatever its order, so the result must be equal. On reals
 * a sum of n products, a bias and a residual is rounded at most n + 2 times, each time by at most
 * 2^-24 of the magnitudes summed; an activation adds its own error (see {@link ActivationChecks})
 * and passes the sum's on by at most its steepest slope.
 *
 * <p>The reference computes every output element of a small problem and a random part of a large
 * one. Problems depend on the seed and the shape alone, so a failure can be repeated by these two.
 */
public final class ConvChecks implements RandomCheck {

  static final double HALF_ULP = 0x1p-24;

  /** Products that the reference computes for a check. */
  private static final long REFERENCE_WORK = 4_000_000;

  private static final int LEAST_ELEMENTS = 200;

  private final Setting setting;
  private final List<Algorithm> algorithms;

  /** Checks of some algorithms in a setting. */
  public ConvChecks(Setting setting, List<Algorithm> algorithms) {
    this.setting = setting;
    this.algorithms = List.copyOf(algorithms);
  }

  @Override
  public void run(int index) {
    run(setting.row(index));
  }

  /** Runs all checks on a named shape. */
  public void run(Row row) {
    Case problem = new Case(row.shape(), setting.seed());
    for (Algorithm algorithm : algorithms) {
      Optional<String> objection = algorithm.objection(row.shape());
      if (objection.isPresent()) {
        setting
            .findings()
            .check(
                "algorithms refuse what they cannot compute",
                "%s (%s), --shape %s".formatted(algorithm.label(), row.name(), row.shape()),
                () -> RefusalChecks.refused(row.shape(), algorithm));
      } else {
        run(row.name(), problem, algorithm);
      }
    }
  }

  /** A problem on integers and one on reals, and what the reference says to them. */
  private static final class Case {
    final ConvProblem integers;
    final ConvProblem reals;
    final int[] elements;
    final Lazy<Sums> ofIntegers;
    final Lazy<Sums> ofFlipped;
    final Lazy<Sums> ofReals;

    Case(ConvShape shape, long seed) {
      long shapeSeed = seed + shape.toString().hashCode();
      Data data = new Data(shapeSeed);
      integers = ConvProblem.integers(shape, data);
      reals = ConvProblem.reals(shape, data);
      elements = elements(shape, shapeSeed);
      Lazy<ReferenceConvolution> reference = Lazy.of(() -> new ReferenceConvolution(shape));
      ofIntegers = Lazy.of(() -> sums(reference.get(), integers, integers.filter()));
      ofFlipped =
          Lazy.of(() -> sums(reference.get(), integers, reference.get().flip(integers.filter())));
      ofReals = Lazy.of(() -> sums(reference.get(), reals, reals.filter()));
    }

    private Sums sums(ReferenceConvolution reference, ConvProblem problem, float[] filter) {
      return reference.elements(problem.input(), filter, problem.bias(), elements);
    }
  }

  private void run(String name, Case problem, Algorithm algorithm) {
    ConvProblem integers = problem.integers;
    ConvProblem reals = problem.reals;
    String label = algorithm.label();
    String subject =
        "%s (%s), --algorithm %s --seed %d --shape %s"
            .formatted(label, name, label, setting.seed(), reals.shape());
    Findings findings = setting.findings();
    Workers one = setting.one();
    if (algorithm.isSummation()) {
      findings.check(
          label + " equals on integers",
          subject + " " + integers.activation(),
          () ->
              exact(
                  integers,
                  problem.ofIntegers.get(),
                  integers.run(algorithm, one),
                  problem.elements));
      findings.check(
          label + " true convolution",
          subject + " " + integers.activation(),
          () ->
              exact(
                  integers,
                  problem.ofFlipped.get(),
                  integers.runFlipped(algorithm, one),
                  problem.elements));
    }
    Lazy<float[]> output = Lazy.of(() -> reals.run(algorithm, one));
    findings.check(
        label + " rounds within its bound",
        subject + " " + reals.activation(),
        () -> bounded(reals, problem.ofReals.get(), algorithm, output.get(), problem.elements));
    findings.check(
        label + " same bits on 2 threads",
        subject,
        () -> Mismatch.sameBits(output.get(), reals.run(algorithm, setting.two())));
    findings.check(
        label + " same bits in a batch",
        subject,
        () -> sameBitsInBatch(reals, algorithm, output.get()));
    findings.check(label + " padding lanes zero", subject, () -> paddingLanes(reals, algorithm));
  }

  /** Every element of a small output; of a large one the ends and a random choice. */
  private static int[] elements(ConvShape shape, long seed) {
    int length = ConvProblem.outputLayout(shape).denseLength();
    if (length == 0) {
      return new int[0];
    }
    int affordable = (int) Math.max(LEAST_ELEMENTS, REFERENCE_WORK / shape.terms());
    if (length <= affordable) {
      return IntStream.range(0, length).toArray();
    }
    IntStream chosen = new SplittableRandom(seed).ints(affordable, 0, length).sorted();
    return IntStream.concat(IntStream.of(0, length - 1), chosen).toArray();
  }

  private static Optional<Mismatch> exact(
      ConvProblem problem, Sums sums, float[] output, int... elements) {
    return compare(problem, sums, output, (x, bound) -> 0, elements);
  }

  private static Optional<Mismatch> bounded(
      ConvProblem problem, Sums sums, Algorithm algorithm, float[] output, int... elements) {
    Activation activation = problem.activation();
    double factor = algorithm.isSummation() ? 1 : ErrorBounds.transformFactor(algorithm);
    // A transform mixes in what lies beside the window: only the whole filter bounds that.
    double beside = algorithm.isSummation() ? 0 : ErrorBounds.sumBound(problem);
    return compare(
        problem,
        sums,
        output,
        (x, bound) ->
            ReferenceActivation.steepest(activation) * (bound + factor * beside)
                + ActivationChecks.allowed(activation, x),
        elements);
  }

  private interface Allowance {
    /** Allowed error of an activated sum {@code x} whose own rounding error is bounded. */
    double of(double x, double sumBound);
  }

  private static Optional<Mismatch> compare(
      ConvProblem problem, Sums sums, float[] output, Allowance allowance, int... elements) {
    BlockedLayout layout = ConvProblem.outputLayout(problem.shape());
    int terms = problem.shape().terms();
    for (int i = 0; i < elements.length; i++) {
      int element = elements[i];
      double residual = problem.residual() == null ? 0 : problem.residual()[element];
      double x = sums.values()[i] + residual;
      double bound = (terms + 2) * HALF_ULP * (sums.magnitudes()[i] + Math.abs(residual));
      double expected = ReferenceActivation.value(problem.activation(), x);
      double allowed = allowance.of(x, bound);
      float actual = output[layout.place(element)];
      if (!(Math.abs(actual - expected) <= allowed)) {
        return Optional.of(new Mismatch(element, expected, actual, allowed));
      }
    }
    return Optional.empty();
  }

  private Optional<Mismatch> sameBitsInBatch(
      ConvProblem problem, Algorithm algorithm, float[] batch) {
    BlockedLayout layout = ConvProblem.outputLayout(problem.shape());
    int last = problem.shape().batch() - 1;
    if (last < 0) {
      return Optional.empty();
    }
    return Mismatch.sameBits(
        problem.image(last).run(algorithm, setting.one()), layout.image(batch, last));
  }

  /** With the activation that turns zero into something else. */
  private Optional<String> paddingLanes(ConvProblem problem, Algorithm algorithm) {
    float[] output = problem.withActivation(Activation.SIGMOID).run(algorithm, setting.one());
    int dirty = ConvProblem.outputLayout(problem.shape()).firstDirtyPadding(output);
    return dirty < 0
        ? Optional.empty()
        : Optional.of("padding lane at %d holds %s".formatted(dirty, output[dirty]));
  }
}
