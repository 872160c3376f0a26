package dev.lanewise.verify.convolution;

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
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.verify.check.Findings;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.ReferenceActivation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Activations and their derivatives over the whole range of floats. */
public final class ActivationChecks {

  /** Those that have a value and a bounded derivative everywhere. */
  private static final List<Activation> ALL =
      List.of(
          Activation.IDENTITY,
          Activation.RELU,
          Activation.RELU6,
          new Clamp(-1.5f, 0.5f),
          new LeakyRelu(0.1f),
          Activation.TANH,
          Activation.SIGMOID,
          Activation.ABS,
          Activation.ERF,
          new Elu(0.5f),
          Activation.SELU,
          new Celu(0.7f),
          Activation.SILU,
          Activation.HARD_SWISH,
          new HardSigmoid(0.2f, 0.5f),
          Activation.GELU,
          Activation.GELU_TANH,
          Activation.SOFTPLUS,
          Activation.SOFTSIGN,
          Activation.MISH,
          new ThresholdedRelu(0.3f));

  /** Those whose value or derivative is beyond the floats somewhere. */
  private static final List<Activation> UNBOUNDED =
      List.of(Activation.EXP, Activation.LOG, Activation.SQRT);

  /** About 30,000 floats: every exponent, and both signs. */
  private static final int STRIDE = 0x1FFFF;

  private final Findings findings;

  /** Checks that are counted in {@code findings}. */
  public ActivationChecks(Findings findings) {
    this.findings = findings;
  }

  /** Runs all checks. */
  public void run() {
    float[] sweep = sweep();
    for (Activation activation : ALL) {
      findings.check("activations", activation.toString(), () -> values(activation, sweep));
      findings.check(
          "activation gradients", activation.toString(), () -> gradients(activation, sweep));
    }
    for (Activation activation : UNBOUNDED) {
      float[] domain = domain(activation, sweep);
      findings.check("activations", activation.toString(), () -> values(activation, domain));
      findings.check(
          "activation gradients",
          activation.toString(),
          () -> relativeGradients(activation, domain));
    }
  }

  /** Where value and derivative are normal floats. */
  private static float[] domain(Activation activation, float... sweep) {
    float[] domain = new float[sweep.length];
    int count = 0;
    for (float x : sweep) {
      if (normal(x)
          && normal(ReferenceActivation.value(activation, x))
          && normal(ReferenceActivation.derivative(activation, x))) {
        domain[count++] = x;
      }
    }
    return Arrays.copyOf(domain, count);
  }

  private static boolean normal(double value) {
    return Math.abs(value) >= Float.MIN_NORMAL && Math.abs(value) <= Float.MAX_VALUE;
  }

  /**
   * Allowed rounding error of a result. Selecting is exact; leaky ReLU rounds one product (half an
   * ulp); tanh and the logistic function are computed to 1.5 ulp, without FMA to 2.3. The rest of
   * the allowance is for an argument that was itself rounded over a power of two of the result,
   * where ulps double.
   */
  static double allowed(Activation activation, double x) {
    int ulps =
        switch (activation) {
          case Identity(), Relu(), Clamp(_, _) -> 0;
          case Abs(), ThresholdedRelu(_) -> 0;
          case LeakyRelu(_), Sqrt() -> 1;
          case Tanh(), Sigmoid(), Exp(), Log(), Erf(), Softplus(), Softsign() -> 3;
          case Elu(_), Selu(_, _), Celu(_), Silu(), HardSwish(), HardSigmoid(_, _) -> 4;
          case Gelu(), GeluTanh(), Mish() -> 5;
        };
    return ulps * Math.ulp((float) ReferenceActivation.value(activation, x));
  }

  private static float[] sweep() {
    float[] values = new float[(int) (0xFFFFFFFFL / STRIDE)];
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      float value = Float.intBitsToFloat(i * STRIDE);
      if (Float.isFinite(value)) {
        values[count++] = value;
      }
    }
    return Arrays.copyOf(values, count);
  }

  private static Optional<Mismatch> values(Activation activation, float... sweep) {
    float[] results = sweep.clone();
    Activations.apply(activation, results, 0, results.length);
    double[] expected = new double[sweep.length];
    Arrays.setAll(expected, i -> ReferenceActivation.value(activation, sweep[i]));
    return Mismatch.within(expected, results, i -> allowed(activation, sweep[i]));
  }

  /**
   * Derivatives that come from the result y: where y (1 - y) or 1 - y^2 cancels, its rounding error
   * of 3 ulp stays, at most 2 x 3 x 2^-24 of a result up to 1. Those that come from x add up to
   * four terms below 2, each with a few roundings.
   */
  private static Optional<Mismatch> gradients(Activation activation, float... sweep) {
    boolean smooth = !(ReferenceActivation.exact(activation) || activation instanceof LeakyRelu);
    double allowed = activation instanceof Tanh || activation instanceof Sigmoid ? 8e-7 : 2e-6;
    return Mismatch.within(
        expectedGradients(activation, sweep),
        gradientsOfOnes(activation, sweep),
        i -> smooth ? allowed : 0);
  }

  /** From the result, of 3 ulp, or from the argument: with two roundings more, 4 ulp. */
  private static Optional<Mismatch> relativeGradients(Activation activation, float... sweep) {
    double[] expected = expectedGradients(activation, sweep);
    return Mismatch.within(
        expected, gradientsOfOnes(activation, sweep), i -> 4 * Math.ulp((float) expected[i]));
  }

  private static double[] expectedGradients(Activation activation, float... sweep) {
    double[] expected = new double[sweep.length];
    Arrays.setAll(expected, i -> ReferenceActivation.derivative(activation, sweep[i]));
    return expected;
  }

  private static float[] gradientsOfOnes(Activation activation, float... sweep) {
    float[] y = sweep.clone();
    Activations.apply(activation, y, 0, y.length);
    float[] ones = new float[y.length];
    Arrays.fill(ones, 1);
    float[] dx = new float[y.length];
    float[] kept = Activations.needsInput(activation) ? sweep : y;
    Activations.backward(activation, kept, ones, dx, 0, dx.length);
    return dx;
  }
}
