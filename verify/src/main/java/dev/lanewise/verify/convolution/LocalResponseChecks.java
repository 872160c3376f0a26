package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.norm.LocalResponseNorm;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.BlockedLayout;
import dev.lanewise.verify.reference.FiniteDifference;
import dev.lanewise.verify.reference.ReferenceLocalResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Local response norm of random tensors and its gradient.
 *
 * <p>With base v the power {@code exp(-beta log v)} is off by the errors of logarithm and
 * exponential (3 ulp each, the former times beta), of the base (a rounding for each of its terms,
 * times beta) and of the product. The gradient sums a product with such a power for each channel of
 * a window, and is compared with finite differences of the reference.
 */
public final class LocalResponseChecks implements RandomCheck {

  private static final int PROBES = 12;

  private final Setting setting;

  /** Checks in a setting. */
  public LocalResponseChecks(Setting setting) {
    this.setting = setting;
  }

  @Override
  public void run(int i) {
    Problem problem = new Problem(setting.data(i));
    String subject = setting.subject(problem, i);
    List<float[]> results = problem.run(setting.one());
    setting
        .findings()
        .check("local response norm", subject, () -> problem.forwardFault(results.get(0)));
    setting
        .findings()
        .check(
            "local response norm gradients", subject, () -> problem.gradientFault(results.get(1)));
    setting.promises("norm", subject, problem::run, problem.layout, problem.layout);
  }

  /** One norm with its data, row-major. */
  private static final class Problem {
    final BlockedLayout layout;
    private final int[] dims;
    private final int size;
    private final float alpha;
    private final float beta;
    private final float bias;
    private final Data data;
    private final float[] x;
    private final float[] dy;
    private final ReferenceLocalResponse reference;

    Problem(Data data) {
      this.data = data;
      dims =
          new int[] {
            data.between(1, 2), data.between(1, 40), data.between(1, 4), data.between(1, 6)
          };
      size = data.oneOf(1, 2, 3, 5, 5, data.between(1, 50));
      alpha = data.oneOf(1e-4f, 0.5f, 2f);
      beta = data.oneOf(0.75f, 0.5f, 1f);
      bias = data.oneOf(1f, 2f, 0.25f);
      layout = new BlockedLayout(dims);
      x = data.reals(layout.denseLength());
      dy = data.reals(layout.denseLength());
      reference = new ReferenceLocalResponse(dims, size, alpha, beta, bias);
    }

    @Override
    public String toString() {
      return "%s, size %d, alpha %s, beta %s, bias %s"
          .formatted(Arrays.toString(dims), size, alpha, beta, bias);
    }

    List<float[]> run(Workers workers) {
      LocalResponseNorm plan = LocalResponseNorm.of(dims, size, alpha, beta, bias, workers);
      float[] y = Floats.unset(plan.length());
      float[] dx = y.clone();
      plan.run(layout.toBlocked(x), y);
      plan.backward(layout.toBlocked(x), layout.toBlocked(dy), dx);
      return List.of(y, dx);
    }

    private double powerError(double base) {
      double argument = beta * (Math.abs(Math.log(base)) * 8 + size + 4);
      return ConvChecks.HALF_ULP * (argument + 8);
    }

    Optional<Mismatch> forwardFault(float[] y) {
      double[] at = Floats.doubles(x);
      double[] expected = reference.forward(at);
      return Mismatch.within(
          expected,
          layout.toDense(y),
          i -> powerError(reference.base(at, i)) * Math.abs(expected[i]));
    }

    Optional<Mismatch> gradientFault(float[] blocked) {
      float[] dx = layout.toDense(blocked);
      double[] at = Floats.doubles(x);
      for (int probe = 0; probe < PROBES; probe++) {
        int i = data.between(0, x.length - 1);
        double expected =
            FiniteDifference.at(
                x -> FiniteDifference.product(reference.forward(x), dy), Floats.doubles(x), i);
        double allowed = allowed(at, i);
        if (!(Math.abs(dx[i] - expected) <= allowed)) {
          return Optional.of(new Mismatch(i, expected, dx[i], allowed));
        }
      }
      return Optional.empty();
    }

    /** The magnitudes that are summed, each with the error of its power and of the sum. */
    private double allowed(double[] at, int i) {
      double own = reference.base(at, i);
      double sumError = (size + 6) * ConvChecks.HALF_ULP;
      double allowed = (powerError(own) + sumError) * Math.abs(dy[i]) * Math.pow(own, -beta);
      double factor = 2 * alpha * beta / size * Math.abs(at[i]);
      for (int j = 0; j < at.length; j++) {
        if (reference.inWindow(i, j)) {
          double base = reference.base(at, j);
          double term = Math.abs(dy[j] * at[j]) * Math.pow(base, -beta - 1);
          double baseError = (size + 4) * ConvChecks.HALF_ULP;
          allowed += (powerError(base) + baseError + sumError) * factor * term;
        }
      }
      return allowed;
    }
  }
}
