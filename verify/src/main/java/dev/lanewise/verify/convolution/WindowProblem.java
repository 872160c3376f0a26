package dev.lanewise.verify.convolution;

import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.check.Mismatch.Allowance;
import dev.lanewise.verify.reference.ReferenceWindows;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What the windows of a pooling should become, and how far they may be from it.
 *
 * <p>Maxima, sums of magnitudes and their gradients are exact on integers. A mean of n values is
 * rounded n + 1 times. A p-norm rounds each power p times and their sum n times; from p = 3 its
 * root is the exponential of a logarithm, 3 ulp each, the latter times the logarithm. A gradient
 * has the p - 1st powers of the norm and of an element besides, and a term for each window.
 *
 * @param windows elements of each window
 * @param power p of a p-norm, {@link #MAX} or {@link #MEAN}
 * @param input row-major
 * @param gradOutput one for each window
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record WindowProblem(ReferenceWindows windows, int power, float[] input, float[] gradOutput) {

  static final int MAX = 0;
  static final int MEAN = -1;

  /** Whether rounding has no part in the results on integers. */
  static boolean exact(int power) {
    return power == MAX || power == 1;
  }

  Optional<Mismatch> forwardFault(float[] output) {
    double[] expected = windows.forward(reduction(), input);
    return Mismatch.within(expected, output, i -> relative() * magnitude(expected[i]));
  }

  private ToDoubleFunction<double[]> reduction() {
    return switch (power) {
      case MAX -> ReferenceWindows::greatest;
      case MEAN -> ReferenceWindows::mean;
      default -> values -> ReferenceWindows.norm(power, values);
    };
  }

  /** Means may cancel: their error is that of values up to 1. */
  private double magnitude(double result) {
    return power == MEAN ? 1 : result;
  }

  private double relative() {
    if (exact(power)) {
      return 0;
    }
    double root = power > 2 ? 16 + 6 * Math.abs(Math.log(windows.largest())) : 2;
    return (windows.largest() + Math.max(power, 1) + root) * ConvChecks.HALF_ULP;
  }

  Optional<Mismatch> backwardFault(float[] gradInput) {
    double[] scale = gradient(Floats.magnitudes(gradOutput));
    double factor = exact(power) ? 0 : Math.max(power, 1) * relative() + 4 * ConvChecks.HALF_ULP;
    Allowance allowance = i -> (factor + shared()) * Math.abs(scale[i]);
    return Mismatch.within(gradient(gradOutput), gradInput, allowance);
  }

  /** Each window that shares an element adds a term to its gradient. */
  private double shared() {
    return exact(power) ? 0 : windows.largest() * ConvChecks.HALF_ULP;
  }

  private double[] gradient(float... ofOutput) {
    return switch (power) {
      case MAX -> windows.gradientOfGreatest(input, ofOutput);
      case MEAN -> windows.gradientOfMean(ofOutput);
      default -> windows.gradientOfNorm(power, input, ofOutput);
    };
  }
}
