package dev.lanewise.verify.reference;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activation.Abs;
import dev.lanewise.kernels.activation.Activation.Celu;
import dev.lanewise.kernels.activation.Activation.Clamp;
import dev.lanewise.kernels.activation.Activation.Elu;
import dev.lanewise.kernels.activation.Activation.Erf;
import dev.lanewise.kernels.activation.Activation.Exp;
import dev.lanewise.kernels.activation.Activation.Gelu;
import dev.lanewise.kernels.activation.Activation.GeluTanh;
import dev.lanewise.kernels.activation.Activation.HardSigmoid;
import dev.lanewise.kernels.activation.Activation.HardSwish;
import dev.lanewise.kernels.activation.Activation.Identity;
import dev.lanewise.kernels.activation.Activation.LeakyRelu;
import dev.lanewise.kernels.activation.Activation.Log;
import dev.lanewise.kernels.activation.Activation.Mish;
import dev.lanewise.kernels.activation.Activation.Relu;
import dev.lanewise.kernels.activation.Activation.Selu;
import dev.lanewise.kernels.activation.Activation.Sigmoid;
import dev.lanewise.kernels.activation.Activation.Silu;
import dev.lanewise.kernels.activation.Activation.Softplus;
import dev.lanewise.kernels.activation.Activation.Softsign;
import dev.lanewise.kernels.activation.Activation.Sqrt;
import dev.lanewise.kernels.activation.Activation.Tanh;
import dev.lanewise.kernels.activation.Activation.ThresholdedRelu;

/** Activation functions by their definition, in double precision. */
public final class ReferenceActivation {

  private static final double GELU_FACTOR = Math.sqrt(2 / Math.PI);

  private static final double SERIES_END = 2.5;

  private ReferenceActivation() {}

  /** The function's value. */
  public static double value(Activation activation, double x) {
    return switch (activation) {
      case Identity() -> x;
      case Relu() -> Math.max(x, 0);
      case Clamp(float low, float high) -> Math.min(Math.max(x, low), high);
      case LeakyRelu(float slope) -> x < 0 ? slope * x : x;
      case Tanh() -> Math.tanh(x);
      case Sigmoid() -> sigmoid(x);
      case Exp() -> Math.exp(x);
      case Log() -> Math.log(x);
      case Sqrt() -> Math.sqrt(x);
      case Abs() -> Math.abs(x);
      case Erf() -> erf(x);
      case Elu(float alpha) -> x < 0 ? alpha * Math.expm1(x) : x;
      case Selu(float alpha, float gamma) -> gamma * (x < 0 ? alpha * Math.expm1(x) : x);
      case Celu(float alpha) -> x < 0 ? alpha * Math.expm1(x / alpha) : x;
      case Silu() -> x * sigmoid(x);
      case HardSwish() -> x * Math.clamp(x / 6 + 0.5, 0, 1);
      case HardSigmoid(float alpha, float beta) -> Math.clamp(alpha * x + beta, 0, 1);
      case Gelu() -> x * normal(x);
      case GeluTanh() -> x * sigmoid(2 * GELU_FACTOR * (x + 0.044715 * x * x * x));
      case Softplus() -> softplus(x);
      case Softsign() -> x / (1 + Math.abs(x));
      case Mish() -> x * Math.tanh(softplus(x));
      case ThresholdedRelu(float theta) -> x > theta ? x : 0;
    };
  }

  /** The function's derivative, zero at a kink's flat side. */
  public static double derivative(Activation activation, double x) {
    return switch (activation) {
      case Identity() -> 1;
      case Relu() -> x > 0 ? 1 : 0;
      case Clamp(float low, float high) -> x > low && x < high ? 1 : 0;
      case LeakyRelu(float slope) -> x > 0 ? 1 : slope;
      case Tanh() -> 1 - Math.tanh(x) * Math.tanh(x);
      case Sigmoid() -> sigmoid(x) * sigmoid(-x);
      case Exp() -> Math.exp(x);
      case Log() -> 1 / x;
      case Sqrt() -> 0.5 / Math.sqrt(x);
      case Abs() -> Math.signum(x);
      case Erf() -> 2 / Math.sqrt(Math.PI) * Math.exp(-x * x);
      case Elu(float alpha) -> x > 0 ? 1 : alpha * Math.exp(x);
      case Selu(float alpha, float gamma) -> gamma * (x > 0 ? 1 : alpha * Math.exp(x));
      case Celu(float alpha) -> x > 0 ? 1 : Math.exp(x / alpha);
      case Silu() -> sigmoid(x) + x * sigmoid(x) * sigmoid(-x);
      case HardSwish() -> x < -3 ? 0 : x > 3 ? 1 : x / 3 + 0.5;
      case HardSigmoid(float alpha, float beta) ->
          alpha * x + beta > 0 && alpha * x + beta < 1 ? alpha : 0;
      case Gelu() -> normal(x) + x * density(x);
      case GeluTanh() -> {
        double w = 2 * GELU_FACTOR * (x + 0.044715 * x * x * x);
        double slope = 2 * GELU_FACTOR * (1 + 3 * 0.044715 * x * x);
        yield sigmoid(w) + x * slope * sigmoid(w) * sigmoid(-w);
      }
      case Softplus() -> sigmoid(x);
      case Softsign() -> 1 / ((1 + Math.abs(x)) * (1 + Math.abs(x)));
      case Mish() -> {
        double y = Math.tanh(softplus(x));
        yield y + x * (1 - y * y) * sigmoid(x);
      }
      case ThresholdedRelu(float theta) -> x > theta ? 1 : 0;
    };
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  /** The probability of a value below x in the standard normal distribution. */
  private static double normal(double x) {
    double tail = upperTail(Math.abs(x));
    return x < 0 ? tail : 1 - tail;
  }

  private static double erf(double x) {
    double z = Math.abs(x) * Math.sqrt(2);
    return Math.copySign(z < SERIES_END ? 2 * central(z) : 1 - 2 * upperTail(z), x);
  }

  /** The probability between 0 and z: the density times a series of positive terms. */
  private static double central(double z) {
    double term = z;
    double sum = term;
    for (int k = 3; term > sum * 1e-17; k += 2) {
      term *= z * z / k;
      sum += term;
    }
    return sum * density(z);
  }

  /** The probability above z, for large z by Laplace's continued fraction. */
  private static double upperTail(double z) {
    if (z < SERIES_END) {
      return 0.5 - central(z);
    }
    double fraction = z;
    for (int k = 60; k >= 1; k--) {
      fraction = z + k / fraction;
    }
    return density(z) / fraction;
  }

  private static double density(double z) {
    return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  /**
   * The function's steepest slope: an error of the argument grows at most by this factor.
   *
   * @return a Lipschitz constant; infinity where there is none
   */
  public static double steepest(Activation activation) {
    return switch (activation) {
      case LeakyRelu(float slope) -> Math.max(1, slope);
      case Sigmoid() -> 0.25;
      case Identity(), Relu(), Clamp(_, _), Tanh() -> 1;
      case Elu(float alpha) -> Math.max(1, alpha);
      case Selu(float alpha, float gamma) -> gamma * Math.max(1, alpha);
      case HardSigmoid(float alpha, _) -> Math.abs(alpha);
      case Abs(), Celu(_), Softplus(), Softsign() -> 1;
      case Erf() -> 2 / Math.sqrt(Math.PI);
      case Silu(), Gelu(), GeluTanh(), Mish() -> 1.2;
      case HardSwish() -> 1.5;
      case Exp(), Log(), Sqrt(), ThresholdedRelu(_) -> Double.POSITIVE_INFINITY;
    };
  }

  /** Whether small-integer arguments give exactly representable results. */
  public static boolean exact(Activation activation) {
    return switch (activation) {
      case Identity(), Relu() -> true;
      case Clamp(float low, float high) -> whole(low) && whole(high);
      case LeakyRelu(float slope) -> whole(slope * 16);
      case HardSigmoid(float alpha, float beta) -> whole(alpha * 16) && whole(beta * 16);
      case Abs(), ThresholdedRelu(_) -> true;
      case Tanh(), Sigmoid(), Exp(), Log(), Sqrt(), Erf(), Elu(_), Selu(_, _), Celu(_) -> false;
      case Silu(), HardSwish(), Gelu(), GeluTanh(), Softplus(), Softsign(), Mish() -> false;
    };
  }

  private static boolean whole(float value) {
    return value == Math.rint(value) && Math.abs(value) < 1 << 20;
  }
}
