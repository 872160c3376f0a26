package dev.lanewise.kernels.filters;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;

/**
 * A classical image filter: a fixed square kernel, applied to each channel on its own.
 *
 * <p>The weights are written as they are correlated with the image, which is what plans compute;
 * where a filter is not symmetric, {@code ConvPlan.packFlipped} gives the true convolution.
 */
public enum ImageFilter {
  /** Leaves the image as it is. */
  IDENTITY(1, 0, 0, 0, 0, 1, 0, 0, 0, 0),
  /** Mean of 3 x 3 pixels. */
  BOX_BLUR(9, 1, 1, 1, 1, 1, 1, 1, 1, 1),
  /** Gaussian blur of 3 x 3 pixels, by the binomial 1 2 1. */
  GAUSSIAN_BLUR_3(16, 1, 2, 1, 2, 4, 2, 1, 2, 1),
  /** Gaussian blur of 5 x 5 pixels, by the binomial 1 4 6 4 1. */
  GAUSSIAN_BLUR_5(
      256, 1, 4, 6, 4, 1, 4, 16, 24, 16, 4, 6, 24, 36, 24, 6, 4, 16, 24, 16, 4, 1, 4, 6, 4, 1),
  /** Adds the difference from the four neighbours. */
  SHARPEN(1, 0, -1, 0, -1, 5, -1, 0, -1, 0),
  /** Horizontal derivative: answers to vertical edges (Sobel and Feldman 1968). */
  SOBEL_X(1, -1, 0, 1, -2, 0, 2, -1, 0, 1),
  /** Vertical derivative: answers to horizontal edges (Sobel and Feldman 1968). */
  SOBEL_Y(1, -1, -2, -1, 0, 0, 0, 1, 2, 1),
  /** Second derivative over the four neighbours: answers to edges of any direction. */
  LAPLACIAN(1, 0, 1, 0, 1, -4, 1, 0, 1, 0),
  /** Second derivative over all eight neighbours. */
  LAPLACIAN_DIAGONAL(1, 1, 1, 1, 1, -8, 1, 1, 1, 1),
  /** Relief lit from the upper left. */
  EMBOSS(1, -2, -1, 0, -1, 1, 1, 0, 1, 2);

  private final int divisor;

  @SuppressWarnings("ImmutableEnumChecker") // never handed out nor written to
  private final int[] numerators;

  ImageFilter(int divisor, int... numerators) {
    this.divisor = divisor;
    this.numerators = numerators;
  }

  /** Rows, and columns, of the kernel. */
  public int size() {
    return (int) Math.sqrt(numerators.length);
  }

  /** The kernel, {@code [size][size]}. */
  public float[] weights() {
    return depthwise(1);
  }

  /**
   * The kernel once for each channel: the filter {@code [channels][1][size][size]} of {@link
   * #shape}.
   */
  public float[] depthwise(int channels) {
    Check.positive("channels", channels);
    float[] weights = new float[channels * numerators.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) numerators[i % numerators.length] / divisor;
    }
    return weights;
  }

  /** The convolution that filters images {@code [batch, channels, height, width]} in full size. */
  public ConvShape shape(int batch, int channels, int height, int width) {
    return ConvShape.conv2d(batch, channels, height, width, channels, size(), size())
        .groups(channels)
        .padding(size() / 2);
  }
}
