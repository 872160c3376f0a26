package dev.lanewise.kernels.plan;

import dev.lanewise.kernels.direct.DirectConvolution;
import dev.lanewise.kernels.im2col.Im2colConvolution;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.Locale;

/** The convolution algorithms that a plan can choose from. */
public enum Algorithm {
  /** The batch-reduce kernel over NCHW16c with tables of taps. */
  DIRECT,
  /** Columns packed in cache-sized blocks, multiplied by the filter as a matrix. */
  IM2COL;

  /** The name that the command line and reports use. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The algorithm of a name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static Algorithm of(String label) {
    return Arrays.stream(values())
        .filter(algorithm -> algorithm.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown algorithm '%s'; known: %s"
                        .formatted(
                            label,
                            String.join(
                                ", ", Arrays.stream(values()).map(Algorithm::label).toList()))));
  }

  ConvAlgorithm prepare(ConvShape shape, int workers) {
    return switch (this) {
      case DIRECT -> new DirectConvolution(shape);
      case IM2COL -> new Im2colConvolution(shape, workers);
    };
  }
}
