package dev.lanewise.kernels.simd;

import java.util.Objects;

/**
 * The terms of one batch-reduce sum: tap {@code t} multiplies {@code terms} floats of the input
 * that begin at {@code input[t]} with as many filter rows that begin at {@code filter[t]}.
 *
 * <p>Kernel size, dilation, groups, the third dimension, the input-channel block and taps that fall
 * outside the border are all expressed by such tables; the micro-kernel knows of none of them.
 * Where the taps are equally far apart, as those of a pointwise convolution or of a matrix product
 * are, it is told the steps instead, for it loses time on looking them up.
 */
public final class Taps {

  private final int[] input;
  private final int[] filter;
  private final int terms;
  private final boolean even;
  private final int inputStep;

  /**
   * Taps of the 16 channels of a block.
   *
   * @param input offsets in floats, added to the base of the strip's first pixel
   * @param filter offsets in floats, added to the base of the packed filter
   * @throws IllegalArgumentException if the two tables differ in length
   */
  public Taps(int[] input, int[] filter) {
    this(input, filter, BatchReduce.BLOCK);
  }

  /**
   * The same for other taps.
   *
   * @param terms terms of each tap: 16 input channels, or those of densely packed ones
   */
  public Taps(int[] input, int[] filter, int terms) {
    this.input = Objects.requireNonNull(input, "input");
    this.filter = Objects.requireNonNull(filter, "filter");
    this.terms = terms;
    if (input.length != filter.length) {
      throw new IllegalArgumentException(
          "a tap needs both offsets: input has " + input.length + ", filter " + filter.length);
    }
    even = even(input) && even(filter);
    inputStep = input.length < 2 ? 0 : input[1] - input[0];
  }

  private static boolean even(int[] offsets) {
    for (int t = 2; t < offsets.length; t++) {
      if (offsets[t] - offsets[t - 1] != offsets[1] - offsets[0]) {
        return false;
      }
    }
    return offsets.length > 0;
  }

  /** The input offsets; not to be changed. */
  public int[] input() {
    return input;
  }

  /** The filter offsets; not to be changed. */
  public int[] filter() {
    return filter;
  }

  /** Terms of each tap. */
  public int terms() {
    return terms;
  }

  /** Number of taps. */
  public int count() {
    return input.length;
  }

  /** Whether there are taps, equally far apart in the input, whose filters follow each other. */
  boolean regular(int filterFloats) {
    return even && (count() == 1 || filter[1] - filter[0] == filterFloats);
  }

  /** Floats from the input of one regular tap to that of the next. */
  int inputStep() {
    return inputStep;
  }
}
