package dev.lanewise.nn.loss;

import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;

/** The mean over all elements of {@code |x - target|}, also called L1; its slope at 0 is 0. */
public final class MeanAbsoluteError {

  static final PointLoss.Rule RULE =
      new PointLoss.Rule() {
        @Override
        public double value(double x, double t) {
          return Math.abs(x - t);
        }

        @Override
        public double slope(double x, double t) {
          return Math.signum(x - t);
        }
      };

  private MeanAbsoluteError() {}

  /**
   * The mean loss, summed in double precision.
   *
   * @param x row-major
   * @param target of the same shape
   * @throws IllegalArgumentException if the shapes differ, stating both
   */
  public static Tensor of(Tensor x, Tensor target, Context context) {
    return PointLoss.of("mean absolute error", x, target, RULE, context);
  }
}
