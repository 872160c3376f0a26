package dev.lanewise.kernels.plan;

import java.util.Arrays;

/**
 * Memory in which plans of one caller, one after the other, pack a filter for a single run: as in
 * training, where weights are others at each step. It grows to what the largest of them needs, and
 * keeps nothing from run to run. For one thread at a time.
 */
public final class FilterMemory {

  private float[] weights = new float[0];
  private float[] bias = new float[0];

  /** Memory without anything yet. */
  public FilterMemory() {}

  /** At least so many floats for a packed filter, whatever they hold. */
  public float[] weights(int length) {
    if (weights.length < length) {
      weights = new float[length];
    }
    return weights;
  }

  /**
   * A bias padded with zeros to so many floats at least.
   *
   * @param values those before the zeros, or null for none
   */
  public float[] bias(float[] values, int length) {
    if (bias.length < length) {
      bias = new float[length];
    }
    int count = values == null ? 0 : values.length;
    if (count > 0) {
      System.arraycopy(values, 0, bias, 0, count);
    }
    Arrays.fill(bias, count, length, 0f);
    return bias;
  }

  /** What it takes. */
  public long bytes() {
    return (long) Float.BYTES * (weights.length + bias.length);
  }
}
