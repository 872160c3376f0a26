package dev.lanewise.verify.reference;

import java.util.Arrays;

/**
 * Spectral pooling by its definition, in double precision: the discrete Fourier transform of each
 * axis, its lowest frequencies, and the transform back; arrays are row-major {@code
 * [n][c][spatial...]}.
 *
 * <p>To an even size m the frequency m / 2 is kept as the real part of its coefficient.
 */
public final class ReferenceSpectral {

  private final int[] inputDims;
  private final int[] outputSize;

  /** The definition for input dimensions {@code [n, c, spatial...]} and a size for each axis. */
  public ReferenceSpectral(int[] inputDims, int... outputSize) {
    this.inputDims = inputDims.clone();
    this.outputSize = outputSize.clone();
  }

  /** The pooled images. */
  public double[] forward(double[] x) {
    double[] values = x;
    int[] dims = inputDims.clone();
    for (int i = 0; i < outputSize.length; i++) {
      int inner = Arrays.stream(dims).skip(3 + i).reduce(1, (a, b) -> a * b);
      values = along(values, dims[2 + i], outputSize[i], inner);
      dims[2 + i] = outputSize[i];
    }
    return values;
  }

  private static double[] along(double[] x, int from, int to, int inner) {
    double[] y = new double[x.length / from * to];
    for (int line = 0; line < x.length / from; line++) {
      int start = line / inner * from * inner + line % inner;
      int target = line / inner * to * inner + line % inner;
      for (int k = -((to - 1) / 2); k <= to / 2; k++) {
        double real = 0;
        double imaginary = 0;
        for (int i = 0; i < from; i++) {
          double angle = -2 * Math.PI * k * i / from;
          real += x[start + i * inner] * Math.cos(angle);
          imaginary += x[start + i * inner] * Math.sin(angle);
        }
        boolean middle = 2 * k == to;
        for (int j = 0; j < to; j++) {
          double angle = 2 * Math.PI * k * j / to;
          double value = real * Math.cos(angle) - (middle ? 0 : imaginary * Math.sin(angle));
          y[target + j * inner] += value / from;
        }
      }
    }
    return y;
  }
}
