package dev.lanewise.kernels.activation;

import dev.lanewise.kernels.shape.Check;

/** A function of a single value that follows a convolution; a NaN stays a NaN. */
public sealed interface Activation {

  /** The value itself. */
  Activation IDENTITY = new Identity();

  /** The value, or zero where it is negative. */
  Activation RELU = new Relu();

  /** ReLU cut off at 6, as MobileNet uses it. */
  Activation RELU6 = new Clamp(0, 6);

  /** The hyperbolic tangent. */
  Activation TANH = new Tanh();

  /** The logistic function. */
  Activation SIGMOID = new Sigmoid();

  /** {@code f(x) = x}. */
  record Identity() implements Activation {}

  /** {@code f(x) = max(x, 0)}. */
  record Relu() implements Activation {}

  /**
   * {@code f(x) = min(max(x, low), high)}.
   *
   * @param low least value of the result; may be minus infinity
   * @param high greatest value of the result, above {@code low}; may be infinity
   */
  record Clamp(float low, float high) implements Activation {

    /**
     * Validates the bounds.
     *
     * @throws IllegalArgumentException unless {@code low < high}
     */
    public Clamp {
      Check.that(low < high, "clamp needs low < high, not low=%s and high=%s", low, high);
    }
  }

  /**
   * {@code f(x) = x}, or {@code slope * x} where x is negative.
   *
   * @param slope factor of negative values, not negative itself
   */
  record LeakyRelu(float slope) implements Activation {

    /**
     * Validates the slope. A negative one would hide the sign of x, which the derivative needs.
     *
     * @throws IllegalArgumentException if the slope is negative or not finite
     */
    public LeakyRelu {
      Check.that(
          slope >= 0 && slope < Float.POSITIVE_INFINITY,
          "slope must be finite and not negative, is %s",
          slope);
    }
  }

  /** {@code f(x) = (exp(x) - exp(-x)) / (exp(x) + exp(-x))}. */
  record Tanh() implements Activation {}

  /** {@code f(x) = 1 / (1 + exp(-x))}. */
  record Sigmoid() implements Activation {}
}
