package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.verify.LayerList.Row;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Findings;
import dev.lanewise.verify.check.Lazy;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.BlockedLayout;
import dev.lanewise.verify.reference.FiniteDifference;
import dev.lanewise.verify.reference.ReferenceConvolution;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Gradients of a convolution with respect to input, filter and bias: equal on small integers, where
 * every sum is exact, to the reference and to finite differences of its forward pass; on reals the
 * same bits for any number of threads.
 */
public final class GradientChecks implements RandomCheck {

  private static final int LIMIT = 3;

  private final Setting setting;

  /** Checks in a setting. */
  public GradientChecks(Setting setting) {
    this.setting = setting;
  }

  @Override
  public void run(int index) {
    run(setting.row(index));
  }

  /** Runs all checks on a named shape. */
  public void run(Row row) {
    ConvShape shape = row.shape();
    long seed = setting.seed();
    Workers one = setting.one();
    Problem integers = new Problem(shape, new Data(seed + shape.toString().hashCode()), true);
    Problem reals = new Problem(shape, new Data(seed + shape.toString().hashCode()), false);
    ReferenceConvolution reference = new ReferenceConvolution(shape);
    Findings findings = setting.findings();
    String subject = "%s, --seed %d --shape %s".formatted(row.name(), seed, shape);
    Lazy<float[]> byInput = Lazy.of(() -> integers.inputGradient(one));
    Lazy<float[]> byFilter = Lazy.of(() -> integers.filterGradient(one));
    findings.check(
        "gradients of inputs",
        subject,
        () ->
            Mismatch.exact(
                reference.gradientOfInput(integers.filter, integers.gradOutput),
                integers.inputLayout.toDense(byInput.get())));
    findings.check(
        "gradients of filters",
        subject,
        () ->
            Mismatch.exact(
                reference.gradientOfFilter(integers.input, integers.gradOutput), byFilter.get()));
    findings.check(
        "gradients of biases",
        subject,
        () ->
            Mismatch.exact(
                reference.gradientOfBias(integers.gradOutput), integers.biasGradient(one)));
    findings.check("gradients are adjoint to the convolution", subject, () -> adjoint(integers));
    findings.check(
        "gradients equal finite differences",
        subject,
        () -> differences(integers, reference, byInput.get(), byFilter.get(), new Data(seed)));
    setting.promises(
        "gradients",
        subject,
        workers ->
            List.of(
                reals.inputGradient(workers),
                reals.filterGradient(workers),
                reals.biasGradient(workers)),
        reals.inputLayout);
  }

  /** {@code <conv(x, f), y> = <x, dx> = <f, df>}, where every sum is exact. */
  private Optional<String> adjoint(Problem problem) {
    double forward = Floats.product(problem.output(setting.one()), problem.gradOutput);
    double byInput =
        Floats.product(
            problem.inputLayout.toDense(problem.inputGradient(setting.two())), problem.input);
    double byFilter = Floats.product(problem.filterGradient(setting.two()), problem.filter);
    return forward == byInput && forward == byFilter
        ? Optional.empty()
        : Optional.of(
            "<conv(x, f), y> = %s, <x, dx> = %s, <f, df> = %s"
                .formatted(forward, byInput, byFilter));
  }

  /**
   * The loss {@code <conv(x, f) + b, y>} of the reference is linear in each element: half of what
   * it grows from one below to one above is the derivative, exactly.
   */
  private Optional<Mismatch> differences(
      Problem problem,
      ReferenceConvolution reference,
      float[] blockedByInput,
      float[] byFilter,
      Data data) {
    if (problem.gradOutput.length == 0) {
      return Optional.empty();
    }
    float[] bias = new float[problem.shape.outChannels()];
    DoubleSupplier loss =
        () ->
            FiniteDifference.product(
                reference.forward(problem.input, problem.filter, bias), problem.gradOutput);
    float[] byInput = problem.inputLayout.toDense(blockedByInput);
    return difference(loss, problem.input, byInput, data)
        .or(() -> difference(loss, problem.filter, byFilter, data))
        .or(() -> difference(loss, bias, problem.biasGradient(setting.one()), data));
  }

  /** Of one element drawn at random. */
  private static Optional<Mismatch> difference(
      DoubleSupplier loss, float[] operand, float[] gradient, Data data) {
    int i = data.between(0, operand.length - 1);
    operand[i] += 1;
    double above = loss.getAsDouble();
    operand[i] -= 2;
    double below = loss.getAsDouble();
    operand[i] += 1;
    double expected = (above - below) / 2;
    return gradient[i] == expected
        ? Optional.empty()
        : Optional.of(new Mismatch(i, expected, gradient[i], 0));
  }

  /** One convolution with its data, row-major. */
  private static final class Problem {
    final BlockedLayout inputLayout;
    final BlockedLayout outputLayout;
    final float[] input;
    final float[] filter;
    final float[] gradOutput;
    private final ConvShape shape;

    Problem(ConvShape shape, Data data, boolean integers) {
      this.shape = shape;
      inputLayout = ConvProblem.inputLayout(shape);
      outputLayout = ConvProblem.outputLayout(shape);
      input = values(data, inputLayout.denseLength(), integers);
      filter = values(data, shape.filterLength(), integers);
      gradOutput = values(data, outputLayout.denseLength(), integers);
    }

    private static float[] values(Data data, int length, boolean integers) {
      return integers ? data.integers(length, LIMIT) : data.reals(length);
    }

    private static ConvOptions options(Workers workers) {
      return ConvOptions.defaults().withAccuracy(Accuracy.STRICT).withWorkers(workers);
    }

    private ConvGradient gradient(Workers workers) {
      return ConvGradient.of(shape, options(workers));
    }

    /** The forward pass without a bias, row-major. */
    float[] output(Workers workers) {
      ConvPlan plan = ConvPlan.of(shape, options(workers));
      float[] result = Floats.unset(plan.outputLength());
      plan.run(inputLayout.toBlocked(input), plan.pack(filter, null), result);
      return outputLayout.toDense(result);
    }

    float[] inputGradient(Workers workers) {
      float[] result = Floats.unset(inputLayout.blockedLength());
      gradient(workers).data(filter, outputLayout.toBlocked(gradOutput), result);
      return result;
    }

    float[] filterGradient(Workers workers) {
      float[] result = Floats.unset(filter.length);
      gradient(workers)
          .filter(inputLayout.toBlocked(input), outputLayout.toBlocked(gradOutput), result);
      return result;
    }

    float[] biasGradient(Workers workers) {
      float[] result = Floats.unset(shape.outChannels());
      gradient(workers).bias(outputLayout.toBlocked(gradOutput), result);
      return result;
    }
  }
}
