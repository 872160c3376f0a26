package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.norm.NormPlan;
import dev.lanewise.kernels.norm.Statistics;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.BlockedLayout;
import dev.lanewise.verify.reference.FiniteDifference;
import dev.lanewise.verify.reference.ReferenceNorm;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Batch, group, instance and layer norm of random tensors: training, inference with given
 * statistics, and gradients.
 *
 * <p>Sums run over pieces of 256 values in four chains: no term is rounded more than about 70
 * times, each time by at most 2^-24. A rounded mean moves every deviation by 2^-24 of the largest
 * value, which division by the deviation magnifies. Gradients are compared with finite differences
 * of the reference, so that no formula for them is written twice.
 */
public final class NormChecks implements RandomCheck {

  private static final float EPSILON = 1e-3f;

  /** Roundings of a term of a sum, of the deviation, the scale and the result. */
  private static final double UNIT = 80 * ConvChecks.HALF_ULP;

  /** Elements whose gradient is compared, for a finite difference takes four whole results. */
  private static final int PROBES = 6;

  private enum Kind {
    BATCH,
    GROUP,
    INSTANCE,
    LAYER
  }

  private final Setting setting;

  /** Checks in a setting. */
  public NormChecks(Setting setting) {
    this.setting = setting;
  }

  /** Checks one kind of norm after the other. */
  @Override
  public void run(int index) {
    Kind kind = Kind.values()[index % Kind.values().length];
    Problem problem = new Problem(kind, setting.data(index));
    String label = kind.name().toLowerCase(Locale.ROOT) + " norm";
    String what = "%s of %d groups".formatted(Arrays.toString(problem.dims), problem.groups);
    String subject = setting.subject(what, index);
    Results results = problem.run(setting.one());
    setting.findings().check(label, subject, () -> problem.forwardFault(results));
    setting
        .findings()
        .check(label + " statistics", subject, () -> problem.statisticsFault(results));
    setting.findings().check(label + " inference", subject, problem::inferenceFault);
    setting.findings().check(label + " gradients", subject, () -> problem.gradientFault(results));
    setting.promises(
        "norm",
        subject,
        workers -> problem.run(workers).all(),
        problem.layout,
        problem.layout,
        problem.layout);
  }

  /** What a forward and a backward pass give. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Results(
      float[] y,
      float[] inferred,
      float[] dx,
      float[] dGamma,
      float[] dBeta,
      Statistics statistics) {

    List<float[]> all() {
      return List.of(y, inferred, dx, dGamma, dBeta, statistics.mean(), statistics.variance());
    }
  }

  /** One norm with its data, row-major. */
  private final class Problem {
    final int[] dims;
    final int groups;
    final BlockedLayout layout;
    private final boolean acrossImages;
    private final ReferenceNorm reference;
    private final Data data;
    private final float spread;
    private final float[] x;
    private final float[] dy;
    private final float[] gamma;
    private final float[] beta;
    private final Statistics given;

    Problem(Kind kind, Data data) {
      this.data = data;
      int unit = data.oneOf(1, 2, 3, 5, 8);
      int channels = unit * data.between(1, 40 / unit);
      int pixels = data.oneOf(1, 7, 49, 300);
      dims = new int[] {data.between(1, 3), channels, data.between(1, 3), pixels};
      groups =
          switch (kind) {
            case BATCH, INSTANCE -> channels;
            case GROUP -> unit;
            case LAYER -> 1;
          };
      acrossImages = kind == Kind.BATCH;
      layout = new BlockedLayout(dims);
      reference = new ReferenceNorm(dims, groups, acrossImages, EPSILON);
      spread = data.oneOf(1f, 0.25f, 0x1p-6f);
      x = spread(data.reals(layout.denseLength()), spread);
      dy = data.reals(layout.denseLength());
      gamma = data.reals(channels);
      beta = data.reals(channels);
      float[] variances = data.reals(reference.sets());
      for (int i = 0; i < variances.length; i++) {
        variances[i] = Math.abs(variances[i]);
      }
      given = new Statistics(data.reals(reference.sets()), variances);
    }

    /** Values up to 1: around zero alone a wrong mean would hardly show. */
    private static float[] spread(float[] reals, float spread) {
      for (int i = 0; i < reals.length; i++) {
        reals[i] = 1 - spread + spread * reals[i];
      }
      return reals;
    }

    private NormPlan plan(Workers workers) {
      if (acrossImages) {
        return NormPlan.batch(dims, EPSILON, workers);
      }
      if (groups == 1) {
        return NormPlan.layer(dims, EPSILON, workers);
      }
      return groups == dims[1]
          ? NormPlan.instance(dims, EPSILON, workers)
          : NormPlan.group(dims, groups, EPSILON, workers);
    }

    Results run(Workers workers) {
      NormPlan plan = plan(workers);
      float[] blocked = layout.toBlocked(x);
      Statistics statistics = plan.statistics();
      float[] y = Floats.unset(layout.blockedLength());
      plan.run(blocked, gamma, beta, statistics, y);
      float[] inferred = Floats.unset(layout.blockedLength());
      plan.infer(blocked, gamma, beta, given, inferred);
      float[] dx = Floats.unset(layout.blockedLength());
      float[] dGamma = Floats.unset(dims[1]);
      float[] dBeta = Floats.unset(dims[1]);
      plan.backward(blocked, gamma, statistics, layout.toBlocked(dy), dx, dGamma, dBeta);
      return new Results(y, inferred, dx, dGamma, dBeta, statistics);
    }

    Optional<Mismatch> forwardFault(Results results) {
      double[] inverses = inverses();
      return Mismatch.within(
          reference.forward(Floats.doubles(x), Floats.doubles(gamma), Floats.doubles(beta)),
          layout.toDense(results.y),
          i -> {
            double inverse = inverses[reference.set(i)];
            double normal = 2 * inverse * Math.abs(gamma[reference.channel(i)]);
            return UNIT * (normal * (1 + inverse) + Math.abs(beta[reference.channel(i)]));
          });
    }

    /** The mean of the deviations corrects the mean: its error is theirs and its own rounding. */
    Optional<Mismatch> statisticsFault(Results results) {
      double[] means = reference.means(Floats.doubles(x));
      double[] variances = reference.variances(Floats.doubles(x));
      return Mismatch.within(
              means,
              results.statistics.mean(),
              i -> ConvChecks.HALF_ULP * 1.5 * Math.abs(means[i]) + UNIT * spread)
          .or(() -> Mismatch.within(variances, results.statistics.variance(), i -> UNIT));
    }

    /** Deviation, scale, product and sum: four roundings, of values up to 2 over the deviation. */
    Optional<Mismatch> inferenceFault() {
      double[] means = Floats.doubles(given.mean());
      double[] variances = Floats.doubles(given.variance());
      return Mismatch.within(
          reference.forward(
              Floats.doubles(x), Floats.doubles(gamma), Floats.doubles(beta), means, variances),
          layout.toDense(run(setting.one()).inferred),
          i -> {
            double scale =
                reference.inverse(variances[reference.set(i)])
                    * Math.abs(gamma[reference.channel(i)]);
            return 4 * ConvChecks.HALF_ULP * (2 * scale + Math.abs(beta[reference.channel(i)]));
          });
    }

    Optional<Mismatch> gradientFault(Results results) {
      float[] dx = layout.toDense(results.dx);
      double[] inverses = inverses();
      double largest = Arrays.stream(inverses).max().orElse(0);
      Optional<Mismatch> fault = Optional.empty();
      for (int probe = 0; probe < PROBES && fault.isEmpty(); probe++) {
        int i = data.between(0, x.length - 1);
        int c = reference.channel(i);
        double inverse = inverses[reference.set(i)];
        // A deviation over the root mean square of all is at most the root of their number; the
        // means that the gradient subtracts are of products of at most 1.
        double normal = Math.min(2 * inverse, Math.sqrt((double) x.length / reference.sets()));
        double allowed = UNIT * inverse * (2 + normal) * (1 + inverse);
        fault =
            compare(i, byInput(i), dx[i], allowed)
                .or(() -> compare(c, byGamma(c), results.dGamma[c], sumBound() * (1 + 2 * largest)))
                .or(() -> compare(c, sum(c), results.dBeta[c], sumBound()));
      }
      return fault;
    }

    /** Of a sum of gradients up to 1 over all values of a channel. */
    private double sumBound() {
      return UNIT * x.length / dims[1];
    }

    private double byInput(int element) {
      double[] doubles = Floats.doubles(x);
      return FiniteDifference.at(
          at ->
              FiniteDifference.product(
                  reference.forward(at, Floats.doubles(gamma), Floats.doubles(beta)), dy),
          doubles,
          element);
    }

    private double byGamma(int channel) {
      double[] doubles = Floats.doubles(gamma);
      return FiniteDifference.at(
          at ->
              FiniteDifference.product(
                  reference.forward(Floats.doubles(x), at, Floats.doubles(beta)), dy),
          doubles,
          channel);
    }

    private double sum(int channel) {
      double sum = 0;
      for (int i = 0; i < dy.length; i++) {
        sum += reference.channel(i) == channel ? dy[i] : 0;
      }
      return sum;
    }

    private double[] inverses() {
      return Arrays.stream(reference.variances(Floats.doubles(x)))
          .map(reference::inverse)
          .toArray();
    }
  }

  private static Optional<Mismatch> compare(
      int index, double expected, float actual, double allowed) {
    return Math.abs(actual - expected) <= allowed
        ? Optional.empty()
        : Optional.of(new Mismatch(index, expected, actual, allowed));
  }
}
