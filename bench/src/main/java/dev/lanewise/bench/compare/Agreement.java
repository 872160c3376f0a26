package dev.lanewise.bench.compare;

import java.util.Optional;

/** Whether two libraries computed the same convolution. */
final class Agreement {

  /**
   * Largest difference allowed, relative to the largest magnitude of the output. Rounding makes it
   * a few millionths at the layer list's longest sums; a tap left out of one output makes it a few
   * thousandths.
   */
  static final double BOUND = 1e-4;

  private Agreement() {}

  /** What is wrong with {@code actual}, in words, if anything is. */
  static Optional<String> objection(float[] expected, float[] actual) {
    if (expected.length != actual.length) {
      return Optional.of("%d outputs instead of %d".formatted(actual.length, expected.length));
    }
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs((double) expected[i] - actual[i]));
    }
    double relative = difference / largest;
    // The negation also objects to NaN, which max carries through.
    return !(relative <= BOUND)
        ? Optional.of(
            "largest difference %.1e of the largest output exceeds %.0e".formatted(relative, BOUND))
        : Optional.empty();
  }
}
