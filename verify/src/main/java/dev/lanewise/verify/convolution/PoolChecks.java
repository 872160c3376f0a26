package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.pool.PoolPlan;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Findings;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.BlockedLayout;
import dev.lanewise.verify.reference.ReferencePooling;
import dev.lanewise.verify.reference.ReferencePooling.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Poolings of random shapes and their gradients.
 *
 * <p>Extremes are exact; their data are few integers, so that ties are frequent. An average of n
 * values is rounded at most n + 1 times, its gradient once for each window that shares it and once
 * in the share.
 */
public final class PoolChecks implements RandomCheck {

  private static final int FEW = 2;

  private final Setting setting;

  /** Checks in a setting. */
  public PoolChecks(Setting setting) {
    this.setting = setting;
  }

  /** Checks one kind of pooling after the other. */
  @Override
  public void run(int index) {
    PoolShape shape = RandomShapes.pooling(setting.shape(index));
    Kind[] kinds = Kind.values();
    Kind kind = kinds[index % kinds.length];
    Problem problem = new Problem(shape, kind, setting.data(index));
    Findings findings = setting.findings();
    String label = "pool " + kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    String subject = setting.subject(shape, index);
    findings.check(label, subject, () -> problem.forwardFault(problem.forward(setting.one())));
    findings.check(
        label + " gradients",
        subject,
        () -> problem.backwardFault(problem.backward(setting.one())));
    setting.promises(
        "pool",
        subject,
        workers -> List.of(problem.forward(workers), problem.backward(workers)),
        problem.outputLayout,
        problem.inputLayout);
  }

  /** One pooling with its data. */
  private static final class Problem {
    private final PoolShape shape;
    private final Kind kind;
    private final float[] input;
    private final float[] gradOutput;
    private final BlockedLayout inputLayout;
    private final BlockedLayout outputLayout;
    private final ReferencePooling reference;

    Problem(PoolShape shape, Kind kind, Data data) {
      this.shape = shape;
      this.kind = kind;
      inputLayout = new BlockedLayout(shape.inputDims());
      outputLayout = new BlockedLayout(shape.outputDims());
      reference = new ReferencePooling(shape);
      input =
          extreme()
              ? data.integers(inputLayout.denseLength(), FEW)
              : data.reals(inputLayout.denseLength());
      gradOutput =
          extreme()
              ? data.integers(outputLayout.denseLength(), FEW)
              : data.reals(outputLayout.denseLength());
    }

    private boolean extreme() {
      return kind == Kind.MAX || kind == Kind.MIN;
    }

    private PoolPlan plan(Workers workers) {
      return switch (kind) {
        case MAX -> PoolPlan.max(shape, workers);
        case MIN -> PoolPlan.min(shape, workers);
        case AVERAGE -> PoolPlan.average(shape, false, workers);
        case AVERAGE_WITH_PADDING -> PoolPlan.average(shape, true, workers);
      };
    }

    float[] forward(Workers workers) {
      PoolPlan plan = plan(workers);
      float[] output = Floats.unset(plan.outputLength());
      plan.run(inputLayout.toBlocked(input), output);
      return output;
    }

    float[] backward(Workers workers) {
      PoolPlan plan = plan(workers);
      float[] gradient = Floats.unset(plan.inputLength());
      plan.backward(
          inputLayout.toBlocked(input),
          forward(workers),
          outputLayout.toBlocked(gradOutput),
          gradient);
      return gradient;
    }

    Optional<Mismatch> forwardFault(float... blocked) {
      double[] expected = reference.forward(kind, input);
      double relative = extreme() ? 0 : (taps() + 1) * ConvChecks.HALF_ULP;
      return Mismatch.within(
          expected,
          outputLayout.toDense(blocked),
          i -> relative * reference.magnitude(kind, input, i));
    }

    Optional<Mismatch> backwardFault(float... blocked) {
      double[] expected = reference.gradientOfInput(kind, input, gradOutput);
      double[] scale = reference.gradientOfInput(kind, input, Floats.magnitudes(gradOutput));
      double relative = extreme() ? 0 : (taps() + 1) * ConvChecks.HALF_ULP;
      return Mismatch.within(expected, inputLayout.toDense(blocked), i -> relative * scale[i]);
    }

    /** No window holds more elements, and no element lies in more windows. */
    private int taps() {
      return shape.axes().stream().mapToInt(axis -> axis.kernel()).reduce(1, (a, b) -> a * b);
    }
  }
}
