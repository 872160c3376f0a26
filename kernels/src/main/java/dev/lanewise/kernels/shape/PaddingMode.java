package dev.lanewise.kernels.shape;

import java.util.Arrays;
import java.util.Locale;

/** What the elements are that padding adds around an input. */
public enum PaddingMode {
  /** Zeros. */
  ZERO,
  /** The nearest element of the input: {@code aa|abcd|dd} (ONNX "edge"). */
  REPLICATE,
  /** The input mirrored about its first and last element: {@code cb|abcd|cb}. */
  REFLECT,
  /** The input repeated: {@code cd|abcd|ab} (ONNX "wrap"). */
  CIRCULAR;

  /** The name that shapes' text and reports use. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The mode of a name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static PaddingMode of(String label) {
    return Arrays.stream(values())
        .filter(mode -> mode.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown padding mode '%s'; known: %s"
                        .formatted(
                            label,
                            String.join(
                                ", ", Arrays.stream(values()).map(PaddingMode::label).toList()))));
  }

  /**
   * Requires padding that this mode can fill from an input.
   *
   * @throws IllegalArgumentException if a reflection reaches past the far end of the input, or a
   *     repetition past its second copy
   */
  public void check(int input, int before, int after) {
    int most = Math.max(before, after);
    switch (this) {
      case ZERO, REPLICATE -> {}
      case REFLECT ->
          Check.that(most < input, "reflect padding %d must be less than input %d", most, input);
      case CIRCULAR ->
          Check.that(most <= input, "circular padding %d must not exceed input %d", most, input);
    }
  }

  /**
   * The element of the input that stands at a position of the padding, or -1 for a zero.
   *
   * @param position of the input: negative before it, at least {@code input} after it
   */
  public int source(int position, int input) {
    if (position >= 0 && position < input) {
      return position;
    }
    return switch (this) {
      case ZERO -> -1;
      case REPLICATE -> Math.clamp(position, 0, input - 1);
      case REFLECT -> position < 0 ? -position : 2 * (input - 1) - position;
      case CIRCULAR -> Math.floorMod(position, input);
    };
  }
}
