package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.shape.ConvShape;

/**
 * How far algorithms that transform their operands may be from the exact sum.
 *
 * <p>What is proven for them grows with the norms of the transforms and is far from what happens;
 * the figures here are what {@link ErrorTable} measures, rounded up.
 */
final class ErrorBounds {

  private ErrorBounds() {}

  /** Allowed error as a multiple of {@link #sumBound}. */
  static double transformFactor(Algorithm algorithm) {
    return algorithm.isSummation() ? 1 : 16;
  }

  /**
   * Published bound of the root mean square error over that of the outputs: rounding errors of
   * either sign add up like a random walk over the input channels of a group.
   */
  static double rms(Algorithm algorithm, ConvShape shape) {
    int taps = shape.axes().getLast().kernel();
    double step =
        switch (algorithm) {
          case WINOGRAD_F2 -> taps == 3 ? 1 : 4;
          case WINOGRAD_F4 -> taps == 3 ? 4 : 11;
          case WINOGRAD_F6 -> 11;
          default -> 0.5 * taps;
        };
    int channels = shape.inChannels() / shape.groups();
    return step * ConvChecks.HALF_ULP * Math.sqrt(channels);
  }

  /** Published bound of the largest error of some thousand over the outputs' root mean square. */
  static double max(Algorithm algorithm, ConvShape shape) {
    return 10 * rms(algorithm, shape);
  }

  /**
   * Published bound of the root mean square error of a gradient by filter over that of the
   * gradient: a random walk over the pixels.
   */
  static double filterRms(Algorithm algorithm, ConvShape shape) {
    double step =
        switch (algorithm) {
          case WINOGRAD_F2 -> 1;
          case WINOGRAD_F4 -> 3;
          case WINOGRAD_F6 -> 6;
          default -> 1.5;
        };
    return step * ConvChecks.HALF_ULP * Math.sqrt((double) shape.batch() * shape.outputPixels());
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
