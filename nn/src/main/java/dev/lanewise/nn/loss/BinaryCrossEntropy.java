package dev.lanewise.nn.loss;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;

/**
 * The mean over all elements of {@code -t log(p) - (1 - t) log(1 - p)}, where p is the sigmoid of
 * x: for questions with the answers yes (1) and no (0), any number of them a sample.
 *
 * <p>With a focus gamma and a weight alpha it is the focal loss of detectors (Lin, Goyal, Girshick,
 * He and Dollar, 2017), {@code -alpha_t (1 - p_t)^gamma log(p_t)}, where few of many answers are
 * yes.
 */
public final class BinaryCrossEntropy {

  private BinaryCrossEntropy() {}

  /**
   * The mean loss, summed in double precision.
   *
   * @param x scores before any sigmoid, row-major
   * @param target of the same shape, from 0 to 1
   * @throws IllegalArgumentException if the shapes differ, stating both, or a target lies outside
   */
  public static Tensor of(Tensor x, Tensor target, Context context) {
    check(target);
    return PointLoss.of("binary cross-entropy", x, target, weighted(1), context);
  }

  /**
   * The mean loss where yes counts more, or less, than no.
   *
   * @param yesWeight factor on the loss of yes, above 0
   * @throws IllegalArgumentException as {@link #of(Tensor, Tensor, Context)}
   */
  public static Tensor weighted(Tensor x, Tensor target, double yesWeight, Context context) {
    check(target);
    return PointLoss.of("binary cross-entropy", x, target, weighted(yesWeight), context);
  }

  /**
   * The mean focal loss.
   *
   * @param alpha weight of yes; that of no is {@code 1 - alpha}
   * @param gamma how little elements count that are right already
   * @throws IllegalArgumentException as {@link #of(Tensor, Tensor, Context)}
   */
  public static Tensor focal(Tensor x, Tensor target, double alpha, double gamma, Context context) {
    check(target);
    return PointLoss.of("focal loss", x, target, focal(alpha, gamma), context);
  }

  private static void check(Tensor target) {
    for (float value : target.values()) {
      Check.that(value >= 0 && value <= 1, "a target must lie between 0 and 1, is %s", value);
    }
  }

  static PointLoss.Rule weighted(double yesWeight) {
    Check.that(
        yesWeight > 0 && yesWeight < Double.POSITIVE_INFINITY,
        "the weight of yes must be finite and above 0, is %s",
        yesWeight);
    return new PointLoss.Rule() {
      @Override
      public double value(double x, double t) {
        return yesWeight * t * softplus(-x) + (1 - t) * softplus(x);
      }

      @Override
      public double slope(double x, double t) {
        return (1 - t) * sigmoid(x) - yesWeight * t * sigmoid(-x);
      }
    };
  }

  static PointLoss.Rule focal(double alpha, double gamma) {
    Check.that(alpha >= 0 && alpha <= 1, "alpha must lie between 0 and 1, is %s", alpha);
    Check.that(
        gamma >= 0 && gamma < Double.POSITIVE_INFINITY,
        "gamma must be finite and not negative, is %s",
        gamma);
    return new PointLoss.Rule() {
      @Override
      public double value(double x, double t) {
        return alpha * t * term(x) + (1 - alpha) * (1 - t) * term(-x);
      }

      @Override
      public double slope(double x, double t) {
        return alpha * t * termSlope(x) - (1 - alpha) * (1 - t) * termSlope(-x);
      }

      // -(1 - p)^gamma log p
      private double term(double x) {
        return Math.pow(sigmoid(-x), gamma) * softplus(-x);
      }

      private double termSlope(double x) {
        double miss = sigmoid(-x);
        return -Math.pow(miss, gamma) * (gamma * sigmoid(x) * softplus(-x) + miss);
      }
    };
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** {@code log(1 + exp(x))} without overflow. */
  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }
}
