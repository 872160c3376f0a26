package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activation.Clamp;
import dev.lanewise.kernels.activation.Activation.Identity;
import dev.lanewise.kernels.activation.Activation.LeakyRelu;
import dev.lanewise.kernels.activation.Activation.Relu;
import dev.lanewise.kernels.activation.Activation.Sigmoid;
import dev.lanewise.kernels.activation.Activation.Tanh;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.verify.check.Findings;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.ReferenceActivation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Activations and their derivatives over the whole range of floats. */
public final class ActivationChecks {

  private static final List<Activation> ALL =
      List.of(
          Activation.IDENTITY,
          Activation.RELU,
          Activation.RELU6,
          new Clamp(-1.5f, 0.5f),
          new LeakyRelu(0.1f),
          Activation.TANH,
          Activation.SIGMOID);

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
          case LeakyRelu(_) -> 1;
          case Tanh(), Sigmoid() -> 3;
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
   * Derivatives come from the result y: where y (1 - y) or 1 - y^2 cancels, its rounding error of 3
   * ulp stays, at most 2 x 3 x 2^-24 of a result up to 1.
   */
  private static Optional<Mismatch> gradients(Activation activation, float... sweep) {
    float[] y = sweep.clone();
    Activations.apply(activation, y, 0, y.length);
    float[] ones = new float[y.length];
    Arrays.fill(ones, 1);
    float[] dx = new float[y.length];
    Activations.backward(activation, y, ones, dx, 0, dx.length);
    double[] expected = new double[y.length];
    Arrays.setAll(expected, i -> ReferenceActivation.derivative(activation, sweep[i]));
    boolean smooth = !(ReferenceActivation.exact(activation) || activation instanceof LeakyRelu);
    double allowed = activation instanceof Tanh || activation instanceof Sigmoid ? 8e-7 : 0;
    return Mismatch.within(expected, dx, i -> smooth ? allowed : 0);
  }
}
