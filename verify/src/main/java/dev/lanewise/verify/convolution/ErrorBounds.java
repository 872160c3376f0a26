package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.shape.ConvShape;

/**
 * How far algorithms that transform their operands may be from the exact sum.
 *
 * <p>What is proven for them grows with the norms of the transforms and is far from what happens;
 * the factors here are what {@code verify conv} measures, rounded up.
 */
final class ErrorBounds {

  private ErrorBounds() {}

  /** Allowed error as a multiple of {@link #sumBound}. */
  static double transformFactor(Algorithm algorithm) {
    return algorithm.isSummation() ? 1 : 16;
  }

  /**
   * The rounding error that direct summation may have if every input element is as large as the
   * largest: 2^-24 for each product, bias and residual, times the magnitudes summed.
   */
  static double sumBound(ConvProblem problem) {
    ConvShape shape = problem.shape();
    int terms = shape.terms();
    double largest = 0;
    for (float x : problem.input()) {
      largest = Math.max(largest, Math.abs(x));
    }
    double row = 0;
    for (int channel = 0; channel < shape.outChannels(); channel++) {
      double sum = 0;
      for (int t = channel * terms; t < (channel + 1) * terms; t++) {
        sum += Math.abs(problem.filter()[t]);
      }
      row = Math.max(row, sum);
    }
    return (terms + 2) * ConvChecks.HALF_ULP * largest * row;
  }
}
