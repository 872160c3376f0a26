package dev.lanewise.kernels.simd;

import java.util.Objects;

/**
 * The pixels over which {@link FilterReduce} sums, in order.
 *
 * @param input where each lies in the input, in floats added to a base
 * @param gradient where it lies in the output's gradient
 */
@SuppressWarnings("ArrayRecordComponent") // read by the innermost loops; never compared
public record PixelTable(int[] input, int[] gradient) {

  /**
   * Checks that the tables agree.
   *
   * @throws IllegalArgumentException if they differ in length
   */
  public PixelTable {
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(gradient, "gradient");
    if (input.length != gradient.length) {
      throw new IllegalArgumentException(
          "a pixel needs both offsets: input has "
              + input.length
              + ", gradient "
              + gradient.length);
    }
  }

  /** Number of pixels. */
  public int count() {
    return input.length;
  }
}
