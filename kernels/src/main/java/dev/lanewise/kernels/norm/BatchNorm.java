package dev.lanewise.kernels.norm;

import dev.lanewise.kernels.shape.Check;

/** What batch norm does besides normalising (Ioffe and Szegedy 2015): running averages, folding. */
public final class BatchNorm {

  private BatchNorm() {}

  /**
   * Moves running averages towards the statistics of a batch, as PyTorch does: the running variance
   * is the unbiased one.
   *
   * @param batch statistics of {@link NormPlan#run}
   * @param count values of each channel in the batch: images times pixels; nothing is moved for 0
   * @param momentum weight of the batch, 0.1 by default in PyTorch
   * @param runningMean one for each channel, moved
   * @param runningVariance one for each channel, moved
   * @throws IllegalArgumentException if a length is wrong or the momentum is not from 0 to 1
   */
  public static void update(
      Statistics batch, int count, float momentum, float[] runningMean, float[] runningVariance) {
    int channels = batch.mean().length;
    Check.length("runningMean", runningMean, channels);
    Check.length("runningVariance", runningVariance, channels);
    Check.notNegative("count", count);
    Check.that(momentum >= 0 && momentum <= 1, "momentum must be from 0 to 1, is %s", momentum);
    if (count == 0) {
      return;
    }
    double unbiased = count == 1 ? 1 : count / (count - 1.0);
    for (int c = 0; c < channels; c++) {
      runningMean[c] += momentum * (batch.mean()[c] - runningMean[c]);
      float variance = (float) (batch.variance()[c] * unbiased);
      runningVariance[c] += momentum * (variance - runningVariance[c]);
    }
  }

  /**
   * A filter and bias with a batch norm folded in.
   *
   * @param filter of the shape of the unfolded one
   * @param bias one for each output channel
   */
  @SuppressWarnings("ArrayRecordComponent") // a pair of results; never compared
  public record Folded(float[] filter, float[] bias) {}

  /**
   * Folds the batch norm that follows a convolution into its filter and bias, in double precision.
   *
   * @param filter {@code [outChannels][...]}
   * @param bias one for each output channel, or null for zeros
   * @param gamma factor of each output channel
   * @param beta summand of each output channel
   * @param mean of each output channel
   * @param variance of each output channel
   * @param epsilon what is added to the variance
   * @throws IllegalArgumentException if the channels do not divide the filter, a length is wrong,
   *     or a variance with epsilon is not above 0
   */
  public static Folded fold(
      float[] filter,
      float[] bias,
      float[] gamma,
      float[] beta,
      float[] mean,
      float[] variance,
      float epsilon) {
    float[] folded = filter.clone();
    return new Folded(
        folded, fold(folded, filter.length, bias, gamma, beta, mean, variance, epsilon));
  }

  /**
   * The same in place.
   *
   * @param filter its beginning is overwritten with the folded one
   * @param length floats of the filter
   * @return the bias
   */
  public static float[] fold(
      float[] filter,
      int length,
      float[] bias,
      float[] gamma,
      float[] beta,
      float[] mean,
      float[] variance,
      float epsilon) {
    int channels = gamma.length;
    Check.that(length <= filter.length, "%d floats of a filter of %d", length, filter.length);
    Check.that(
        channels > 0 && length % channels == 0,
        "%d channels do not divide a filter of %d floats",
        channels,
        length);
    Check.length("beta", beta, channels);
    Check.length("mean", mean, channels);
    Check.length("variance", variance, channels);
    if (bias != null) {
      Check.length("bias", bias, channels);
    }
    float[] folded = new float[channels];
    int each = length / channels;
    for (int c = 0; c < channels; c++) {
      double squared = (double) variance[c] + epsilon;
      Check.that(squared > 0, "variance %s and epsilon %s of channel %d", variance[c], epsilon, c);
      double scale = gamma[c] / Math.sqrt(squared);
      double before = bias == null ? 0 : bias[c];
      folded[c] = (float) (beta[c] + (before - mean[c]) * scale);
      scale(filter, scale, c * each, (c + 1) * each);
    }
    return folded;
  }

  private static void scale(float[] values, double factor, int begin, int end) {
    for (int i = begin; i < end; i++) {
      values[i] = (float) (values[i] * factor);
    }
  }
}
