package dev.lanewise.kernels.shape;

import java.util.Objects;

/** Checks of arguments; each failure states the rule and the values. */
public final class Check {

  private Check() {}

  /**
   * Requires a condition, without the array that values would be passed in: where the compiler does
   * not inline the call, that array is an allocation.
   *
   * @throws IllegalArgumentException if the condition does not hold
   */
  public static void that(boolean condition, String rule) {
    if (!condition) {
      throw new IllegalArgumentException(rule);
    }
  }

  /**
   * Requires a condition.
   *
   * @param rule {@link String#format} pattern of the message, formatted only on failure
   * @throws IllegalArgumentException if the condition does not hold
   */
  // Error Prone's annotation for this would be a dependency.
  @SuppressWarnings("AnnotateFormatMethod")
  public static void that(boolean condition, String rule, Object... values) {
    if (!condition) {
      throw new IllegalArgumentException(String.format(rule, values));
    }
  }

  /** Requires {@code value >= 1}. */
  public static int positive(String name, int value) {
    that(value >= 1, "%s must be at least 1, not %d", name, value);
    return value;
  }

  /** Requires {@code value >= 0}. */
  public static int notNegative(String name, int value) {
    that(value >= 0, "%s must not be negative, is %d", name, value);
    return value;
  }

  /**
   * Multiplies dimensions into a number of elements that one Java array can hold.
   *
   * @throws IllegalArgumentException if the product exceeds 2^31 - 1
   */
  public static int elements(String name, int... dims) {
    long product = 1;
    for (int dim : dims) {
      product = Math.multiplyExact(product, (long) dim);
      if (product > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "%s %s exceeds 2^31 - 1 elements".formatted(name, text(dims)));
      }
    }
    return (int) product;
  }

  /**
   * Requires an array of an exact length.
   *
   * @throws NullPointerException if the array is null
   * @throws IllegalArgumentException if its length differs
   */
  public static void length(String name, float[] array, int length) {
    Objects.requireNonNull(array, name);
    if (array.length != length) {
      throw new IllegalArgumentException(
          "%s needs %d floats, has %d".formatted(name, length, array.length));
    }
  }

  /** Requires two buffers to be distinct arrays. */
  @SuppressWarnings("ReferenceEquality")
  public static void distinct(String name, float[] array, String otherName, float[] other) {
    if (array == other) {
      throw new IllegalArgumentException(name + " and " + otherName + " must not be one array");
    }
  }

  private static String text(int... dims) {
    StringBuilder text = new StringBuilder();
    for (int dim : dims) {
      text.append(text.isEmpty() ? "" : " x ").append(dim);
    }
    return text.toString();
  }
}
