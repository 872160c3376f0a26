package dev.lanewise.verify.reference;

import java.util.Arrays;

/**
 * Normalisation by its definition, {@code y = gamma (x - mean) / sqrt(variance + epsilon) + beta},
 * in double precision; arrays are row-major {@code [n][c][pixels]}.
 *
 * <p>A set of values that share mean and variance is a group of neighbouring channels, of one image
 * or of all.
 */
public final class ReferenceNorm {

  private final int images;
  private final int channels;
  private final int pixels;
  private final int groups;
  private final boolean acrossImages;
  private final double epsilon;

  /** The definition for dimensions {@code [n, c, spatial...]}. */
  public ReferenceNorm(int[] dims, int groups, boolean acrossImages, double epsilon) {
    images = dims[0];
    channels = dims[1];
    pixels = Arrays.stream(dims).skip(2).reduce(1, (a, b) -> a * b);
    this.groups = groups;
    this.acrossImages = acrossImages;
    this.epsilon = epsilon;
  }

  /** Number of sets. */
  public int sets() {
    return acrossImages ? groups : images * groups;
  }

  /** The set of an element. */
  public int set(int element) {
    int group = channel(element) / (channels / groups);
    return acrossImages ? group : element / (pixels * channels) * groups + group;
  }

  /** The channel of an element. */
  public int channel(int element) {
    return element / pixels % channels;
  }

  /** The mean of each set. */
  public double[] means(double[] x) {
    double[] sums = new double[sets()];
    for (int first = 0; first < x.length; first += pixels) {
      double sum = 0;
      for (int i = first; i < first + pixels; i++) {
        sum += x[i];
      }
      sums[set(first)] += sum;
    }
    return overCount(sums, x.length);
  }

  /** The mean squared deviation of each set. */
  public double[] variances(double[] x) {
    double[] means = means(x);
    double[] sums = new double[sets()];
    for (int first = 0; first < x.length; first += pixels) {
      double mean = means[set(first)];
      double sum = 0;
      for (int i = first; i < first + pixels; i++) {
        sum += (x[i] - mean) * (x[i] - mean);
      }
      sums[set(first)] += sum;
    }
    return overCount(sums, x.length);
  }

  private double[] overCount(double[] sums, int length) {
    return Arrays.stream(sums).map(sum -> sum * sums.length / length).toArray();
  }

  /** One over the standard deviation of a variance. */
  public double inverse(double variance) {
    return 1 / Math.sqrt(variance + epsilon);
  }

  /** The result with the statistics of the input itself. */
  public double[] forward(double[] x, double[] gamma, double[] beta) {
    return forward(x, gamma, beta, means(x), variances(x));
  }

  /** The result with given statistics. */
  public double[] forward(
      double[] x, double[] gamma, double[] beta, double[] means, double[] variances) {
    double[] y = new double[x.length];
    for (int first = 0; first < y.length; first += pixels) {
      int set = set(first);
      int channel = channel(first);
      double scale = gamma[channel] * inverse(variances[set]);
      for (int i = first; i < first + pixels; i++) {
        y[i] = scale * (x[i] - means[set]) + beta[channel];
      }
    }
    return y;
  }
}
