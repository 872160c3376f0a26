package dev.lanewise.verify.reference;

/** Softmax and its logarithm over rows of a matrix, by their definitions in double precision. */
public final class ReferenceSoftmax {

  private ReferenceSoftmax() {}

  /** {@code exp(x) / sum of exp(x)} of each row of so many columns, or its logarithm. */
  public static double[] forward(double[] x, int columns, boolean log) {
    double[] y = new double[x.length];
    for (int start = 0; start < x.length; start += columns) {
      double greatest = Double.NEGATIVE_INFINITY;
      for (int i = start; i < start + columns; i++) {
        greatest = Math.max(greatest, x[i]);
      }
      double sum = 0;
      for (int i = start; i < start + columns; i++) {
        sum += Math.exp(x[i] - greatest);
      }
      for (int i = start; i < start + columns; i++) {
        double logarithm = x[i] - greatest - Math.log(sum);
        y[i] = log ? logarithm : Math.exp(logarithm);
      }
    }
    return y;
  }
}
