package dev.lanewise.verify.reference;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activation.Clamp;
import dev.lanewise.kernels.activation.Activation.Identity;
import dev.lanewise.kernels.activation.Activation.LeakyRelu;
import dev.lanewise.kernels.activation.Activation.Relu;
import dev.lanewise.kernels.activation.Activation.Sigmoid;
import dev.lanewise.kernels.activation.Activation.Tanh;

/** Activation functions by their definition, in double precision. */
public final class ReferenceActivation {

  private ReferenceActivation() {}

  /** The function's value. */
  public static double value(Activation activation, double x) {
    return switch (activation) {
      case Identity() -> x;
      case Relu() -> Math.max(x, 0);
      case Clamp(float low, float high) -> Math.min(Math.max(x, low), high);
      case LeakyRelu(float slope) -> x < 0 ? slope * x : x;
      case Tanh() -> Math.tanh(x);
      case Sigmoid() -> 1 / (1 + Math.exp(-x));
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
      case Sigmoid() -> {
        double y = value(activation, x);
        yield y * (1 - y);
      }
    };
  }

  /**
   * The function's steepest slope: an error of the argument grows at most by this factor.
   *
   * @return the Lipschitz constant
   */
  public static double steepest(Activation activation) {
    return switch (activation) {
      case LeakyRelu(float slope) -> Math.max(1, slope);
      case Sigmoid() -> 0.25;
      case Identity(), Relu(), Clamp(_, _), Tanh() -> 1;
    };
  }

  /** Whether small-integer arguments give exactly representable results. */
  public static boolean exact(Activation activation) {
    return switch (activation) {
      case Identity(), Relu() -> true;
      case Clamp(float low, float high) -> whole(low) && whole(high);
      case LeakyRelu(float slope) -> whole(slope * 16);
      case Tanh(), Sigmoid() -> false;
    };
  }

  private static boolean whole(float value) {
    return value == Math.rint(value) && Math.abs(value) < 1 << 20;
  }
}
