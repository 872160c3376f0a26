package dev.lanewise.kernels.simd;

import java.util.Objects;

/**
 * The terms of one batch-reduce sum: tap {@code t} multiplies {@code terms} floats of the input
 * that begin at {@code input[t]} with as many filter rows that begin at {@code filter[t]}.
 *
 * <p>Kernel size, dilation, groups, the third dimension, the input-channel block and taps that fall
 * outside the border are all expressed by such tables; the micro-kernel knows of none of them.
 *
 * @param input offsets in floats, added to the base of the strip's first pixel
 * @param filter offsets in floats, added to the base of the packed filter
 * @param terms terms of each tap: 16 input channels, or those of densely packed ones
 */
@SuppressWarnings("ArrayRecordComponent") // read by the innermost loops; never compared
public record Taps(int[] input, int[] filter, int terms) {

  /**
   * Checks that the tables agree.
   *
   * @throws IllegalArgumentException if the two tables differ in length
   */
  public Taps {
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(filter, "filter");
    if (input.length != filter.length) {
      throw new IllegalArgumentException(
          "a tap needs both offsets: input has " + input.length + ", filter " + filter.length);
    }
  }

  /** Taps of the 16 channels of a block. */
  public Taps(int[] input, int[] filter) {
    this(input, filter, BatchReduce.BLOCK);
  }

  /** Number of taps. */
  public int count() {
    return input.length;
  }
}
