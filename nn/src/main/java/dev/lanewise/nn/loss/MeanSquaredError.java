package dev.lanewise.nn.loss;

import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;

/** The mean over all elements of {@code (x - target)^2}; its gradient is {@code 2 (x - t) / n}. */
public final class MeanSquaredError {

  static final PointLoss.Rule RULE =
      new PointLoss.Rule() {
        @Override
        public double value(double x, double t) {
          return (x - t) * (x - t);
        }

        @Override
        public double slope(double x, double t) {
          return 2 * (x - t);
        }
      };

  private MeanSquaredError() {}

  /**
   * The mean loss, summed in double precision.
   *
   * @param x row-major
   * @param target of the same shape
   * @throws IllegalArgumentException if the shapes differ, stating both
   */
  public static Tensor of(Tensor x, Tensor target, Context context) {
    return PointLoss.of("mean squared error", x, target, RULE, context);
  }
}
