package dev.lanewise.kernels.norm;

import dev.lanewise.kernels.shape.Check;

/**
 * Mean and variance of each set of values that are normalised together: of a channel in a batch
 * norm, of a group of an image in a group norm (images outermost).
 *
 * @param mean means
 * @param variance mean squared deviations from the mean (divided by the count, not the count - 1)
 */
@SuppressWarnings("ArrayRecordComponent") // written by the forward run; never compared
public record Statistics(float[] mean, float[] variance) {

  /**
   * Checks that there is a variance for each mean.
   *
   * @throws IllegalArgumentException if the lengths differ
   */
  public Statistics {
    Check.length("variance", variance, mean.length);
  }

  /** Room for the statistics of so many sets. */
  public static Statistics of(int sets) {
    return new Statistics(new float[sets], new float[sets]);
  }
}
