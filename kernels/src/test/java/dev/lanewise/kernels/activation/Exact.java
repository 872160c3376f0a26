package dev.lanewise.kernels.activation;

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

/** Activations in double precision, by their definitions; their limits at the infinities. */
final class Exact {

  private Exact() {}

  static double value(Activation activation, double x) {
    return switch (activation) {
      case Identity() -> x;
      case Relu() -> Math.max(x, 0);
      case Clamp(float low, float high) -> Math.clamp(x, low, high);
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
      case Silu() -> product(x, sigmoid(x));
      case HardSwish() -> product(x, Math.clamp(x / 6 + 0.5, 0, 1));
      case HardSigmoid(float alpha, float beta) -> Math.clamp(alpha * x + beta, 0, 1);
      case Gelu() -> product(x, erfc(-x / Math.sqrt(2)) / 2);
      case GeluTanh() ->
          product(x, sigmoid(2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case Softplus() -> softplus(x);
      case Softsign() -> Double.isInfinite(x) ? Math.signum(x) : x / (1 + Math.abs(x));
      case Mish() -> product(x, Math.tanh(softplus(x)));
      case ThresholdedRelu(float theta) -> x <= theta ? 0 : x;
    };
  }

  /** A factor of zero wins over an infinite one. */
  private static double product(double x, double factor) {
    return factor == 0 ? 0 : x * factor;
  }

  private static double sigmoid(double x) {
    return x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double erf(double x) {
    return Math.abs(x) < 2 ? series(x) : Math.signum(x) * (1 - erfc(Math.abs(x)));
  }

  private static double erfc(double x) {
    if (x < 2) {
      return x < -6 ? 2 : 1 - series(x);
    }
    double fraction = x;
    for (int k = 120; k >= 1; k--) {
      fraction = x + k / 2.0 / fraction;
    }
    return Double.isInfinite(x) ? 0 : Math.exp(-x * x) / (fraction * Math.sqrt(Math.PI));
  }

  /** {@code 2 / sqrt(pi) exp(-x^2) sum of 2^k x^(2k+1) / (2k+1)!!}: no cancellation. */
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int k = 1; Math.abs(term) > 1e-18 * Math.abs(sum); k++) {
      term *= 2 * x * x / (2 * k + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }
}
