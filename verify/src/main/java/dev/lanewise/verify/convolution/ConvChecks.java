package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Findings;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.BlockedLayout;
import dev.lanewise.verify.reference.ReferenceActivation;
import dev.lanewise.verify.reference.ReferenceConvolution;
import dev.lanewise.verify.reference.ReferenceConvolution.Sum;
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
public final class ConvChecks {

  static final double HALF_ULP = 0x1p-24;

  /** Products that the reference computes for a check. */
  private static final long REFERENCE_WORK = 4_000_000;

  private static final int LEAST_ELEMENTS = 200;

  private final Findings findings;
  private final long seed;
  private final Workers one;
  private final Workers two;

  /** Checks that are counted in {@code findings}; {@code one} and {@code two} are pool sizes. */
  public ConvChecks(Findings findings, long seed, Workers one, Workers two) {
    this.findings = findings;
    this.seed = seed;
    this.one = one;
    this.two = two;
  }

  /** Runs all checks. */
  public void run(String name, ConvShape shape, Algorithm algorithm) {
    if (algorithm.objection(shape).isPresent()) {
      findings.check(
          "algorithms refuse what they cannot compute",
          "%s (%s), --shape %s".formatted(algorithm.label(), name, shape),
          () -> RefusalChecks.refused(shape, algorithm));
      return;
    }
    long shapeSeed = seed + shape.toString().hashCode();
    Data data = new Data(shapeSeed);
    ConvProblem integers = ConvProblem.integers(shape, data);
    ConvProblem reals = ConvProblem.reals(shape, data);
    int[] elements = elements(shape, shapeSeed);
    String label = algorithm.label();
    String subject =
        "%s (%s), --algorithm %s --seed %d --shape %s".formatted(label, name, label, seed, shape);
    if (algorithm.isSummation()) {
      findings.check(
          label + " equals on integers",
          subject + " " + integers.activation(),
          () -> exact(integers, integers.filter(), integers.run(algorithm, one), elements));
      findings.check(
          label + " true convolution",
          subject + " " + integers.activation(),
          () -> {
            float[] flipped = new ReferenceConvolution(shape).flip(integers.filter());
            return exact(integers, flipped, integers.runFlipped(algorithm, one), elements);
          });
    }
    findings.check(
        label + " rounds within its bound",
        subject + " " + reals.activation(),
        () -> bounded(reals, algorithm, reals.run(algorithm, one), elements));
    findings.check(
        label + " same bits on 2 threads",
        subject,
        () -> Mismatch.sameBits(reals.run(algorithm, one), reals.run(algorithm, two)));
    findings.check(
        label + " same bits in a batch", subject, () -> sameBitsInBatch(reals, algorithm));
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
      ConvProblem problem, float[] filter, float[] output, int... elements) {
    return compare(problem, filter, output, (x, bound) -> 0, elements);
  }

  private static Optional<Mismatch> bounded(
      ConvProblem problem, Algorithm algorithm, float[] output, int... elements) {
    Activation activation = problem.activation();
    double factor = algorithm.isSummation() ? 1 : ErrorBounds.transformFactor(algorithm);
    // A transform mixes in what lies beside the window: only the whole filter bounds that.
    double beside = algorithm.isSummation() ? 0 : ErrorBounds.sumBound(problem);
    return compare(
        problem,
        problem.filter(),
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
      ConvProblem problem, float[] filter, float[] output, Allowance allowance, int... elements) {
    ReferenceConvolution reference = new ReferenceConvolution(problem.shape());
    BlockedLayout layout = ConvProblem.outputLayout(problem.shape());
    for (int element : elements) {
      Sum sum = reference.element(problem.input(), filter, problem.bias(), element);
      double residual = problem.residual() == null ? 0 : problem.residual()[element];
      double x = sum.value() + residual;
      double bound =
          (problem.shape().terms() + 2) * HALF_ULP * (sum.magnitude() + Math.abs(residual));
      double expected = ReferenceActivation.value(problem.activation(), x);
      double allowed = allowance.of(x, bound);
      float actual = output[layout.place(element)];
      if (!(Math.abs(actual - expected) <= allowed)) {
        return Optional.of(new Mismatch(element, expected, actual, allowed));
      }
    }
    return Optional.empty();
  }

  private Optional<Mismatch> sameBitsInBatch(ConvProblem problem, Algorithm algorithm) {
    float[] batch = problem.run(algorithm, one);
    BlockedLayout layout = ConvProblem.outputLayout(problem.shape());
    int last = problem.shape().batch() - 1;
    if (last < 0) {
      return Optional.empty();
    }
    return Mismatch.sameBits(problem.image(last).run(algorithm, one), layout.image(batch, last));
  }

  /** With the activation that turns zero into something else. */
  private Optional<String> paddingLanes(ConvProblem problem, Algorithm algorithm) {
    float[] output = problem.withActivation(Activation.SIGMOID).run(algorithm, one);
    int dirty = ConvProblem.outputLayout(problem.shape()).firstDirtyPadding(output);
    return dirty < 0
        ? Optional.empty()
        : Optional.of("padding lane at %d holds %s".formatted(dirty, output[dirty]));
  }
}
