package dev.lanewise.kernels.plan;

import dev.lanewise.kernels.direct.DirectConvolution;
import dev.lanewise.kernels.im2col.Im2colConvolution;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

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

  /** Whether every output is one plain sum of products: exact on small integers. */
  public boolean isSummation() {
    return switch (this) {
      case DIRECT, IM2COL -> true;
    };
  }

  /** The least demanding accuracy at which this algorithm may be chosen. */
  Accuracy accuracy() {
    return switch (this) {
      case DIRECT, IM2COL -> Accuracy.STRICT;
    };
  }

  /** Why this algorithm cannot compute a shape, if it cannot. */
  public Optional<String> objection(ConvShape shape) {
    return switch (this) {
      case DIRECT, IM2COL -> Optional.empty();
    };
  }

  /**
   * Prepares this algorithm for a shape.
   *
   * @throws IllegalArgumentException if it cannot compute it
   */
  ConvAlgorithm prepare(ConvShape shape, int workers) {
    objection(shape)
        .ifPresent(
            rule -> {
              throw new IllegalArgumentException(
                  "%s cannot compute %s: %s".formatted(label(), shape, rule));
            });
    return switch (this) {
      case DIRECT -> new DirectConvolution(shape);
      case IM2COL -> new Im2colConvolution(shape, workers);
    };
  }
}
