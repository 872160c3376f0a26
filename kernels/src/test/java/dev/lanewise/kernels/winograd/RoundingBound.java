package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.List;

/**
 * What rounding can do to an output of F(m x m, r x r), from the norms of the matrices alone.
 *
 * <p>An output is a sum over paths: a filter element through G, an input element through B^T, their
 * product through A^T. Each path is rounded at most once in every step that it passes, by 2^-24 of
 * the magnitude there, and the magnitudes of all paths sum to at most the product of the matrices'
 * absolute sums (Higham, "Accuracy and stability of numerical algorithms", section 3.1).
 */
final class RoundingBound {

  private static final double HALF_ULP = 0x1p-24;

  private RoundingBound() {}

  /** Largest error of an output, for inputs and filters of at most these magnitudes. */
  static double of(ConvShape shape, int outputs, double input, double filter, double bias) {
    List<Axis> axes = shape.axes();
    double amplification = 1;
    int channels = shape.inChannels() / shape.groups();
    int roundings = channels + 3;
    for (int i = 0; i < axes.size(); i++) {
      int kernel = axes.get(i).kernel();
      if (i < axes.size() - 2) {
        amplification *= kernel;
        roundings *= kernel;
      } else {
        AxisTransform transform = AxisTransform.of(outputs, kernel);
        amplification *= amplification(transform);
        roundings += 4 * transform.products();
      }
    }
    double sum = channels * amplification * input * filter + bias;
    return roundings * HALF_ULP / (1 - roundings * HALF_ULP) * sum;
  }

  /**
   * Largest error of an element of the gradient by filter, for inputs and gradients of at most
   * these magnitudes: paths go through B^T, A, a sum over tiles and G^T.
   */
  static double ofFilterGradient(ConvShape shape, int outputs, double input, double gradient) {
    List<Axis> axes = shape.axes();
    double amplification = 1;
    GradientPlanes planes = new GradientPlanes(new Tiling(shape, outputs));
    int roundings = (planes.own ? planes.parts : planes.chunks) + 3;
    for (Axis axis : axes.subList(Math.max(0, axes.size() - 2), axes.size())) {
      AxisTransform transform = AxisTransform.of(outputs, axis.kernel());
      amplification *= filterAmplification(transform);
      roundings += 4 * transform.products();
    }
    int tiles = new Tiling(shape, outputs).tiles();
    roundings += tiles;
    return roundings
        * HALF_ULP
        / (1 - roundings * HALF_ULP)
        * tiles
        * amplification
        * input
        * gradient;
  }

  /** The largest sum over products of |G^T| |B^T| |A|, each row of B^T and A summed. */
  private static double filterAmplification(AxisTransform transform) {
    double largest = 0;
    for (int tap = 0; tap < transform.taps(); tap++) {
      double sum = 0;
      for (int p = 0; p < transform.products(); p++) {
        double gradient = 0;
        for (double[] row : transform.output()) {
          gradient += Math.abs(row[p]);
        }
        sum += Math.abs(transform.filter()[p][tap]) * inputMagnitude(transform, p) * gradient;
      }
      largest = Math.max(largest, sum);
    }
    return largest;
  }

  /** The largest sum over products of |A^T| |G| |B^T|, each row of G and B^T summed. */
  private static double amplification(AxisTransform transform) {
    double[][] filter = transform.filter();
    double[][] points = transform.output();
    double largest = 0;
    for (double[] row : points) {
      double sum = 0;
      for (int p = 0; p < row.length; p++) {
        sum += Math.abs(row[p]) * magnitude(filter[p]) * inputMagnitude(transform, p);
      }
      largest = Math.max(largest, sum);
    }
    return largest;
  }

  private static double magnitude(double... row) {
    double sum = 0;
    for (double value : row) {
      sum += Math.abs(value);
    }
    return sum;
  }

  /**
   * Magnitude of row p of B^T in whatever factors it is computed: the product of 1 + |q| over the
   * other points bounds the absolute coefficients of every factorisation of the product of x - q.
   */
  private static double inputMagnitude(AxisTransform transform, int p) {
    if (transform.isTrivial()) {
      return 1;
    }
    double product = 1;
    for (int q = 0; q < transform.products() - 1; q++) {
      if (q != p) {
        product *= 1 + Math.abs(transform.output()[1][q]);
      }
    }
    return product;
  }
}
