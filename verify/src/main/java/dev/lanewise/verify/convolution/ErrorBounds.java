package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.winograd.AxisTransform;

/**
 * How far algorithms that transform their operands may be from the exact sum.
 *
 * <p>What is proven for them grows with the norms of the transforms and is far from what happens;
 * the figures here are what {@link ErrorTable} measures, rounded up.
 */
final class ErrorBounds {

  /** Four in each of the two passes over the input, the gradient and the sums. */
  private static final int TRANSFORM_ROUNDINGS = 24;

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
          case WINOGRAD_F2 -> taps == 3 ? 1 : taps == 5 ? 4 : 14;
          case WINOGRAD_F4 -> taps == 3 ? 4 : 11;
          case WINOGRAD_F6 -> 11;
          case WINOGRAD_PHASES -> phases(shape);
          case WINOGRAD_F4X2, WINOGRAD_STRIDED -> 2;
          case STRASSEN -> 1;
          default -> 0.5 * taps;
        };
    int channels = shape.inChannels() / shape.groups();
    double walk = step * Math.sqrt(channels);
    double floor = algorithm == Algorithm.FFT ? Math.sqrt(3 * stages(shape)) : 0;
    return ConvChecks.HALF_ULP * Math.max(walk, floor);
  }

  /**
   * F(4, 3), F(5, 4) or F(4, 5) over the phases, which are as many times the channels as there are
   * strides.
   */
  private static double phases(ConvShape shape) {
    Axis axis = shape.axes().getLast();
    int taps = Math.ceilDiv(axis.kernel(), axis.stride());
    return (taps == 3 ? 4 : 11) * axis.stride();
  }

  /**
   * Stages of a Fourier transform over the padded input. Each rounds once, by 2^-24 of the norm at
   * the most, and the errors of stages add up in squares (Gentleman and Sande 1966); however few
   * the channels are, a result has gone through two transforms and one back.
   */
  private static int stages(ConvShape shape) {
    int stages = 0;
    for (Axis axis : shape.axes()) {
      int padded = axis.input() + axis.padBefore() + axis.padAfter();
      stages += Integer.SIZE - Integer.numberOfLeadingZeros(padded - 1);
    }
    return stages;
  }

  /** Published bound of the largest error of some thousand over the outputs' root mean square. */
  static double max(Algorithm algorithm, ConvShape shape) {
    return 10 * rms(algorithm, shape);
  }

  /**
   * Published bound of the root mean square error of a gradient by filter over that of the
   * gradient, for independent inputs and gradients of mean 0.
   *
   * <p>A product p is summed over T tiles and enters a tap with the weight G[p][tap]. With inputs
   * and gradients of variance 1 a term of it has the variance |B^T[p]|^2 |A[p]|^2, the sum of the
   * first k terms k times that, and each addition an error of a third of (2^-24)^2 times that:
   * together T^2 / 6. Each term was rounded before, and their sum is afterwards: {@link
   * #TRANSFORM_ROUNDINGS} T / 3. A tap itself has the variance of as many terms as there are
   * pixels.
   */
  static double filterRms(Algorithm algorithm, ConvShape shape) {
    double norms = 1;
    double tiles = shape.batch();
    for (Axis axis : shape.axes()) {
      int outputs = axis.kernel() == 1 ? 1 : outputs(algorithm);
      AxisTransform transform = new AxisTransform(outputs, axis.kernel());
      norms *= largestTap(transform);
      tiles *= Math.ceilDiv(axis.output(), outputs);
    }
    double variance = norms * (tiles * tiles / 2 + TRANSFORM_ROUNDINGS * tiles) / 3;
    double pixels = (double) shape.batch() * shape.outputPixels();
    return ConvChecks.HALF_ULP * Math.sqrt(variance / pixels);
  }

  private static int outputs(Algorithm algorithm) {
    return switch (algorithm) {
      case WINOGRAD_F2 -> 2;
      case WINOGRAD_F4 -> 4;
      case WINOGRAD_F6 -> 6;
      default -> throw new IllegalArgumentException(algorithm.label() + " has no tiles");
    };
  }

  /** The largest sum over products of the squares |G[p][tap]|^2 |B^T[p]|^2 |A[p]|^2. */
  private static double largestTap(AxisTransform transform) {
    double largest = 0;
    for (int tap = 0; tap < transform.taps(); tap++) {
      double sum = 0;
      for (int p = 0; p < transform.products(); p++) {
        double gradient = 0;
        for (double[] output : transform.output()) {
          gradient += output[p] * output[p];
        }
        double input = 0;
        for (double element : transform.input()[p]) {
          input += element * element;
        }
        double weight = transform.filter()[p][tap];
        sum += weight * weight * input * gradient;
      }
      largest = Math.max(largest, sum);
    }
    return largest;
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
