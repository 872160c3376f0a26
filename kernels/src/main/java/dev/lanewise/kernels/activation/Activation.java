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

  /** The exponential. */
  Activation EXP = new Exp();

  /** The natural logarithm. */
  Activation LOG = new Log();

  /** The square root. */
  Activation SQRT = new Sqrt();

  /** The magnitude. */
  Activation ABS = new Abs();

  /** The error function. */
  Activation ERF = new Erf();

  /** SELU with the constants of its paper. */
  Activation SELU = new Selu(1.6732632f, 1.050701f);

  /** The value times its logistic function, also called swish. */
  Activation SILU = new Silu();

  /** SiLU made of straight lines. */
  Activation HARD_SWISH = new HardSwish();

  /** The value times the normal distribution's probability of a lesser one. */
  Activation GELU = new Gelu();

  /** GELU's approximation with tanh. */
  Activation GELU_TANH = new GeluTanh();

  /** A smooth ReLU. */
  Activation SOFTPLUS = new Softplus();

  /** A sigmoid without exp. */
  Activation SOFTSIGN = new Softsign();

  /** The value times the tanh of its softplus. */
  Activation MISH = new Mish();

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

  /** {@code f(x) = exp(x)}. */
  record Exp() implements Activation {}

  /** {@code f(x) = log(x)}: minus infinity at 0, NaN below. */
  record Log() implements Activation {}

  /** {@code f(x) = sqrt(x)}: NaN below 0. */
  record Sqrt() implements Activation {}

  /** {@code f(x) = |x|}, whose derivative at 0 is taken to be 0. */
  record Abs() implements Activation {}

  /** {@code f(x) = 2 / sqrt(pi)} times the integral of {@code exp(-t^2)} from 0 to x. */
  record Erf() implements Activation {}

  /**
   * {@code f(x) = x}, or {@code alpha (exp(x) - 1)} where x is negative (Clevert et al. 2016).
   *
   * @param alpha minus the limit of negative values, not negative itself
   */
  record Elu(float alpha) implements Activation {

    /**
     * Validates alpha. A negative one would hide the sign of x, which the derivative needs.
     *
     * @throws IllegalArgumentException if alpha is negative or not finite
     */
    public Elu {
      Check.that(
          alpha >= 0 && alpha < Float.POSITIVE_INFINITY,
          "alpha must be finite and not negative, is %s",
          alpha);
    }
  }

  /**
   * {@code f(x) = gamma x}, or {@code gamma alpha (exp(x) - 1)} where x is negative (Klambauer et
   * al. 2017).
   *
   * @param alpha as in {@link Elu}
   * @param gamma factor of the result
   */
  record Selu(float alpha, float gamma) implements Activation {

    /**
     * Validates the parameters.
     *
     * @throws IllegalArgumentException if alpha is negative, gamma not above 0, or one not finite
     */
    public Selu {
      Check.that(
          alpha >= 0 && gamma > 0 && alpha * gamma < Float.POSITIVE_INFINITY,
          "alpha must not be negative, gamma above 0, their product finite; they are %s and %s",
          alpha,
          gamma);
    }
  }

  /**
   * {@code f(x) = x}, or {@code alpha (exp(x / alpha) - 1)} where x is negative (Barron 2017).
   *
   * @param alpha minus the limit of negative values, above 0
   */
  record Celu(float alpha) implements Activation {

    /**
     * Validates alpha.
     *
     * @throws IllegalArgumentException if alpha is not above 0 or not finite
     */
    public Celu {
      Check.that(
          alpha > 0 && alpha < Float.POSITIVE_INFINITY,
          "alpha must be finite and above 0, is %s",
          alpha);
    }
  }

  /** {@code f(x) = x / (1 + exp(-x))}; 0 at minus infinity (Elfwing et al. 2018). */
  record Silu() implements Activation {}

  /** {@code f(x) = x min(max(x / 6 + 1 / 2, 0), 1)}; 0 at minus infinity (MobileNet v3). */
  record HardSwish() implements Activation {}

  /**
   * {@code f(x) = min(max(alpha x + beta, 0), 1)}.
   *
   * @param alpha slope; 1/6 in PyTorch, by default 0.2 in ONNX
   * @param beta value at 0; 1/2 in both
   */
  record HardSigmoid(float alpha, float beta) implements Activation {

    /**
     * Validates the parameters.
     *
     * @throws IllegalArgumentException if one is not finite
     */
    public HardSigmoid {
      Check.that(
          Float.isFinite(alpha) && Float.isFinite(beta),
          "alpha and beta must be finite, are %s and %s",
          alpha,
          beta);
    }
  }

  /** {@code f(x) = x (1 + erf(x / sqrt(2))) / 2} (Hendrycks and Gimpel 2016). */
  record Gelu() implements Activation {}

  /** {@code f(x) = x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2}. */
  record GeluTanh() implements Activation {}

  /** {@code f(x) = log(1 + exp(x))}. */
  record Softplus() implements Activation {}

  /** {@code f(x) = x / (1 + |x|)}. */
  record Softsign() implements Activation {}

  /** {@code f(x) = x tanh(log(1 + exp(x)))}; 0 at minus infinity (Misra 2019). */
  record Mish() implements Activation {}

  /**
   * {@code f(x) = x} above theta, else 0.
   *
   * @param theta the threshold; may be negative
   */
  record ThresholdedRelu(float theta) implements Activation {

    /**
     * Validates the threshold.
     *
     * @throws IllegalArgumentException if it is NaN
     */
    public ThresholdedRelu {
      Check.that(!Float.isNaN(theta), "theta must be a number");
    }
  }
}
