package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.activation.Softmax;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.BlockedLayout;
import dev.lanewise.verify.reference.FiniteDifference;
import dev.lanewise.verify.reference.ReferenceSoftmax;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Softmax and its logarithm over rows of a matrix and over channels of a pixel, and their
 * gradients.
 *
 * <p>An exponential of an argument a is off by 3 ulp and by the rounded argument, |a| 2^-24. A sum
 * of n values is made in 16 parts: n / 16 roundings and four more. Gradients are compared with
 * finite differences of the reference.
 */
public final class SoftmaxChecks implements RandomCheck {

  private static final int PROBES = 8;

  private final Setting setting;

  /** Checks in a setting. */
  public SoftmaxChecks(Setting setting) {
    this.setting = setting;
  }

  /** Checks a matrix and an image. */
  @Override
  public void run(int i) {
    Data data = setting.data(i);
    boolean log = i % 2 == 1;
    check(Problem.rows(data, log), i);
    check(Problem.channels(data, log), i);
  }

  private void check(Problem problem, int index) {
    String label = problem.log ? "log softmax" : "softmax";
    String subject = setting.subject(problem.name, index);
    List<float[]> results = problem.run(setting.one());
    setting.findings().check(label, subject, () -> problem.forwardFault(results.get(0)));
    setting
        .findings()
        .check(label + " gradients", subject, () -> problem.gradientFault(results.get(1)));
    setting.promises("softmax", subject, problem::run, problem.layouts());
  }

  /** One softmax with its data: a matrix, whose rows may be the pixels of an image. */
  private static final class Problem {
    final String name;
    final boolean log;
    private final int columns;
    private final Data data;
    private final float[] x;
    private final float[] dy;

    /** Where the rows lie; null if they are dense. */
    private final int[] dims;

    private Problem(String name, Data data, boolean log, int rows, int columns, int... dims) {
      this.name = name;
      this.data = data;
      this.log = log;
      this.columns = columns;
      this.dims = dims;
      x = data.reals(rows * columns);
      dy = data.reals(rows * columns);
      int scale = data.oneOf(1, 1, 10, 100);
      for (int i = 0; i < x.length; i++) {
        x[i] *= scale;
      }
    }

    static Problem rows(Data data, boolean log) {
      int rows = data.between(1, 6);
      int columns = data.oneOf(1, 10, 16, 17, data.between(1, 200));
      return new Problem("%d rows of %d".formatted(rows, columns), data, log, rows, columns);
    }

    static Problem channels(Data data, boolean log) {
      int[] dims = {
        data.between(1, 2), data.between(1, 40), data.between(1, 4), data.between(1, 4)
      };
      int pixels = dims[0] * dims[2] * dims[3];
      String name = "channels of " + Arrays.toString(dims);
      return new Problem(name, data, log, pixels, dims[1], dims);
    }

    BlockedLayout[] layouts() {
      return dims.length == 0
          ? new BlockedLayout[0]
          : new BlockedLayout[] {new BlockedLayout(dims), new BlockedLayout(dims)};
    }

    List<float[]> run(Workers workers) {
      Softmax plan =
          dims.length == 0
              ? Softmax.rows(x.length / columns, columns, log, workers)
              : Softmax.channels(dims, log, workers);
      float[] y = Floats.unset(plan.length());
      float[] dx = y.clone();
      plan.run(laidOut(x), y);
      plan.backward(y, laidOut(dy), dx);
      return List.of(y, dx);
    }

    /** From rows to the plan's layout. */
    private float[] laidOut(float[] rows) {
      if (dims.length == 0) {
        return rows;
      }
      float[] planar = new float[rows.length];
      for (int i = 0; i < rows.length; i++) {
        planar[planar(i)] = rows[i];
      }
      return new BlockedLayout(dims).toBlocked(planar);
    }

    private float[] asRows(float[] laidOut) {
      if (dims.length == 0) {
        return laidOut;
      }
      float[] planar = new BlockedLayout(dims).toDense(laidOut);
      float[] rows = new float[planar.length];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = planar[planar(i)];
      }
      return rows;
    }

    /** Place in {@code [n][c][pixels]} of an element of {@code [n][pixels][c]}. */
    private int planar(int index) {
      int pixels = dims[2] * dims[3];
      int pixel = index / columns;
      return (pixel / pixels * columns + index % columns) * pixels + pixel % pixels;
    }

    private double sumRoundings() {
      return columns / 16.0 + 6;
    }

    /** Relative error of an exponential, or absolute error of its logarithm. */
    private double error(double logarithm) {
      return ConvChecks.HALF_ULP * (3 * Math.abs(logarithm) + 2 * sumRoundings() + 24);
    }

    /** The greatest distance of two values of the rows: no argument of an exponential is larger. */
    private double range() {
      double most = 0;
      for (float value : x) {
        most = Math.max(most, Math.abs(value));
      }
      return 2 * most;
    }

    Optional<Mismatch> forwardFault(float[] y) {
      double[] expected = ReferenceSoftmax.forward(Floats.doubles(x), columns, log);
      double error = error(range());
      // Below the least normal float an exponential may be zero.
      return Mismatch.within(
          expected, asRows(y), i -> log ? error : error * expected[i] + Float.MIN_NORMAL);
    }

    Optional<Mismatch> gradientFault(float[] gradient) {
      double[] at = Floats.doubles(x);
      double[] softmax = ReferenceSoftmax.forward(at, columns, false);
      float[] dx = asRows(gradient);
      double error = 2 * error(range()) + 2 * sumRoundings() * ConvChecks.HALF_ULP;
      for (int probe = 0; probe < PROBES; probe++) {
        int i = data.between(0, x.length - 1);
        double expected =
            FiniteDifference.at(
                v -> FiniteDifference.product(ReferenceSoftmax.forward(v, columns, log), dy),
                at,
                i);
        double allowed = error * scale(softmax, i) + 1e-10;
        if (!(Math.abs(dx[i] - expected) <= allowed)) {
          return Optional.of(new Mismatch(i, expected, dx[i], allowed));
        }
      }
      return Optional.empty();
    }

    /** Of {@code y (dy - sum(y dy))}, or of the logarithm {@code dy - y sum(dy)}. */
    private double scale(double[] softmax, int i) {
      double sum = 0;
      int start = i / columns * columns;
      for (int j = start; j < start + columns; j++) {
        sum += (log ? 1 : softmax[j]) * Math.abs(dy[j]);
      }
      return log ? Math.abs(dy[i]) + softmax[i] * sum : softmax[i] * (Math.abs(dy[i]) + sum);
    }
  }
}
