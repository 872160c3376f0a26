package dev.lanewise.bench.compare;

import java.util.Optional;

/** Whether two libraries computed the same. */
final class Agreement {

  private Agreement() {}

  /**
   * What is wrong with {@code actual}, in words, if anything is.
   *
   * @param tolerance largest difference allowed, relative to the largest magnitude
   */
  static Optional<String> objection(float[] expected, float[] actual, double tolerance) {
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
    return !(relative <= tolerance)
        ? Optional.of(
            "largest difference %.1e of the largest output exceeds %.0e"
                .formatted(relative, tolerance))
        : Optional.empty();
  }
}
