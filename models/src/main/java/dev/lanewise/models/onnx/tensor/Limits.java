package dev.lanewise.models.onnx.tensor;

import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;

/**
 * How much a model may ask for: a few bytes of a damaged or hostile file can name sizes that no
 * machine has. What real models need stays far below.
 */
public final class Limits {

  /** Elements of one computed tensor; as floats, 256 MiB. */
  private static final int MOST_ELEMENTS = 1 << 26;

  /** Dimensions of one tensor. */
  private static final int MOST_DIMENSIONS = 32;

  private Limits() {}

  /**
   * Elements of a tensor to be computed.
   *
   * @throws IllegalArgumentException if a dimension is negative or there are more than 2^26
   *     elements or 32 dimensions
   */
  public static int elements(int... dims) {
    int elements = given(dims);
    checkElements(elements, dims);
    return elements;
  }

  /**
   * Elements of a tensor whose values are there, 2^31 - 1 if there would be more.
   *
   * @throws IllegalArgumentException if a dimension is negative or there are more than 32
   */
  static int given(int... dims) {
    Check.that(
        dims.length <= MOST_DIMENSIONS,
        "a tensor has at most %d dimensions, not %d",
        MOST_DIMENSIONS,
        dims.length);
    boolean empty = false;
    long product = 1;
    for (int dim : dims) {
      Check.that(dim >= 0, "dimensions must not be negative: %s", Arrays.toString(dims));
      empty |= dim == 0;
      product = Math.min(product * Math.max(dim, 1), Integer.MAX_VALUE);
    }
    return empty ? 0 : (int) product;
  }

  /**
   * Requires a number of elements that one tensor may have.
   *
   * @param dims for the message
   * @throws IllegalArgumentException if there are more than 2^26
   */
  public static void checkElements(long elements, int... dims) {
    Check.that(
        elements <= MOST_ELEMENTS,
        "a tensor of %s has more than the %d elements allowed",
        Arrays.toString(dims),
        MOST_ELEMENTS);
  }
}
