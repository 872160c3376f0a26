package dev.lanewise.bench.peer;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which of a convolution's three sums is computed. */
public enum Direction {
  /** The output from input, filter and bias. */
  FORWARD,
  /** The gradient of the input from the filter and the gradient of the output. */
  DATA,
  /** The gradient of the filter from the input and the gradient of the output. */
  FILTER;

  /** The name that the command line and reports use. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The direction of a name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static Direction of(String label) {
    return Arrays.stream(values())
        .filter(direction -> direction.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown direction '%s'; known: %s"
                        .formatted(
                            label,
                            Arrays.stream(values())
                                .map(Direction::label)
                                .collect(Collectors.joining(", ")))));
  }
}
