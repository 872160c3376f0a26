package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.activation.PRelu;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.BlockedLayout;
import java.util.Arrays;
import java.util.List;

/** PReLU and its gradients, equal on integers, where every product and sum is exact. */
public final class PReluChecks implements RandomCheck {

  private static final int LIMIT = 5;

  private final Setting setting;

  /** Checks in a setting. */
  public PReluChecks(Setting setting) {
    this.setting = setting;
  }

  @Override
  public void run(int index) {
    Data data = setting.data(index);
    int[] dims = {
      data.between(1, 3), data.between(1, 40), data.between(1, 3), data.oneOf(1, 9, 120)
    };
    BlockedLayout layout = new BlockedLayout(dims);
    float[] x = data.integers(layout.denseLength(), LIMIT);
    float[] dy = data.integers(layout.denseLength(), LIMIT);
    float[] slope = data.integers(dims[1], LIMIT);
    double[] y = new double[x.length];
    double[] dx = new double[x.length];
    double[] dSlope = new double[slope.length];
    for (int i = 0; i < x.length; i++) {
      int channel = i / (dims[2] * dims[3]) % dims[1];
      boolean negative = x[i] <= 0;
      y[i] = negative ? slope[channel] * x[i] : x[i];
      dx[i] = negative ? slope[channel] * dy[i] : dy[i];
      dSlope[channel] += negative ? x[i] * dy[i] : 0;
    }
    String subject = setting.subject(Arrays.toString(dims), index);
    float[] blocked = layout.toBlocked(x);
    float[] gradient = layout.toBlocked(dy);
    List<float[]> results = run(dims, blocked, slope, gradient, setting.one());
    setting
        .findings()
        .check("PReLU", subject, () -> Mismatch.exact(y, layout.toDense(results.get(0))));
    setting
        .findings()
        .check(
            "PReLU gradients",
            subject,
            () ->
                Mismatch.exact(dx, layout.toDense(results.get(1)))
                    .or(() -> Mismatch.exact(dSlope, results.get(2))));
    float[] reals = layout.toBlocked(data.reals(layout.denseLength()));
    setting.promises(
        "PReLU", subject, workers -> run(dims, reals, slope, reals, workers), layout, layout);
  }

  private static List<float[]> run(
      int[] dims, float[] x, float[] slope, float[] dy, Workers workers) {
    PRelu plan = PRelu.of(dims, workers);
    float[] y = Floats.unset(plan.length());
    float[] dx = y.clone();
    float[] dSlope = new float[slope.length];
    plan.run(x, slope, y);
    plan.backward(x, slope, dy, dx, dSlope);
    return List.of(y, dx, dSlope);
  }
}
