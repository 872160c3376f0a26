package dev.lanewise.verify.reference;

import java.util.function.ToDoubleFunction;

/** Derivatives from values alone, in double precision. */
public final class FiniteDifference {

  /** A power of two, so that the places beside a float are exact. */
  private static final double STEP = 0x1p-9;

  private FiniteDifference() {}

  /**
   * The derivative of a function of an array with respect to one element, by the central difference
   * of four values.
   *
   * <p>With step h its error is {@code h^4 / 30} of the fifth derivative, 5e-13, and rounding adds
   * about {@code 2^-52 / h} of the value: far below what float results are compared to. Of a
   * function that is linear in the element it is exact but for the rounding.
   *
   * @param x where; as it was on return
   */
  public static double at(ToDoubleFunction<double[]> function, double[] x, int element) {
    double centre = x[element];
    double near = difference(function, x, element, centre, STEP);
    double far = difference(function, x, element, centre, 2 * STEP);
    x[element] = centre;
    return (8 * near - far) / (12 * STEP);
  }

  private static double difference(
      ToDoubleFunction<double[]> function, double[] x, int element, double centre, double step) {
    x[element] = centre + step;
    double above = function.applyAsDouble(x);
    x[element] = centre - step;
    return above - function.applyAsDouble(x);
  }

  /** The scalar product of a result with the gradient that comes back to it. */
  public static double product(double[] y, float[] dy) {
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += y[i] * dy[i];
    }
    return sum;
  }
}
