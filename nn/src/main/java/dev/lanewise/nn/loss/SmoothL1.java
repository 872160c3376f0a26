package dev.lanewise.nn.loss;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;

/**
 * The mean over all elements of a function that is a parabola near 0 and a line farther away
 * (Girshick, Fast R-CNN, 2015): with {@code d = |x - target|}, {@code d^2 / (2 beta)} below beta
 * and {@code d - beta / 2} from there on.
 */
public final class SmoothL1 {

  private SmoothL1() {}

  /** The mean loss where beta is 1. */
  public static Tensor of(Tensor x, Tensor target, Context context) {
    return of(x, target, 1, context);
  }

  /**
   * The mean loss, summed in double precision.
   *
   * @param x row-major
   * @param target of the same shape
   * @param beta where the parabola becomes a line, above 0
   * @throws IllegalArgumentException if the shapes differ, stating both, or beta is not above 0
   */
  public static Tensor of(Tensor x, Tensor target, double beta, Context context) {
    return PointLoss.of("smooth L1", x, target, rule(beta), context);
  }

  static PointLoss.Rule rule(double beta) {
    Check.that(beta > 0 && beta < Double.POSITIVE_INFINITY, "beta must be above 0, is %s", beta);
    return new PointLoss.Rule() {
      @Override
      public double value(double x, double t) {
        double distance = Math.abs(x - t);
        return distance < beta ? distance * distance / (2 * beta) : distance - beta / 2;
      }

      @Override
      public double slope(double x, double t) {
        return Math.clamp((x - t) / beta, -1, 1);
      }
    };
  }
}
