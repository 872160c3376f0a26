package dev.lanewise.verify.reference;

import java.util.Arrays;

/**
 * Local response normalisation by ONNX's definition, {@code y = x / (bias + alpha / size * sum of
 * x^2)^beta} over a window of channels, in double precision; arrays are row-major {@code
 * [n][c][pixels]}.
 */
public final class ReferenceLocalResponse {

  private final int channels;
  private final int pixels;
  private final int size;
  private final double alpha;
  private final double beta;
  private final double bias;

  /** The definition for dimensions {@code [n, c, spatial...]}. */
  public ReferenceLocalResponse(int[] dims, int size, double alpha, double beta, double bias) {
    channels = dims[1];
    pixels = Arrays.stream(dims).skip(2).reduce(1, (a, b) -> a * b);
    this.size = size;
    this.alpha = alpha;
    this.beta = beta;
    this.bias = bias;
  }

  /** The result. */
  public double[] forward(double[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i] * Math.pow(base(x, i), -beta);
    }
    return y;
  }

  /** The base of the power that an element is divided by. */
  public double base(double[] x, int element) {
    int channel = element / pixels % channels;
    double squares = 0;
    for (int c = channel - (size - 1) / 2; c <= channel + size / 2; c++) {
      if (c >= 0 && c < channels) {
        double value = x[element + (c - channel) * pixels];
        squares += value * value;
      }
    }
    return bias + alpha / size * squares;
  }

  /** Whether an element has a part in the result of another. */
  public boolean inWindow(int element, int of) {
    int apart = element / pixels % channels - of / pixels % channels;
    return element - of == apart * pixels && apart >= -(size - 1) / 2 && apart <= size / 2;
  }
}
