package dev.lanewise.kernels.simd;

import java.util.Objects;

/**
 * Runs of pixels over which {@link FilterReduce} sums, all of one length.
 *
 * @param trip pixels of each run, one of {@link FilterReduce#trips()}
 * @param input where each run begins in the input, in floats added to a base
 * @param gradient where it begins in the output's gradient
 */
@SuppressWarnings("ArrayRecordComponent") // read by the innermost loops; never compared
public record Pieces(int trip, int[] input, int[] gradient) {

  /**
   * Checks that the tables agree.
   *
   * @throws IllegalArgumentException if they differ in length
   */
  public Pieces {
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(gradient, "gradient");
    if (input.length != gradient.length) {
      throw new IllegalArgumentException(
          "a piece needs both offsets: input has "
              + input.length
              + ", gradient "
              + gradient.length);
    }
  }

  /** Number of runs. */
  public int count() {
    return input.length;
  }
}
