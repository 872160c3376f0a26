package dev.lanewise.kernels.plan;

import java.util.Arrays;

/**
 * A filter and bias laid out for one algorithm: made by {@link ConvPlan#pack}, used by {@link
 * ConvPlan#run} of that plan or of any plan with the same algorithm, channels, groups and kernel.
 */
public final class PackedFilter {

  private final Algorithm algorithm;
  private final int groups;
  private final int[] filterDims;
  final float[] weights;
  final float[] bias;

  PackedFilter(ConvPlan plan, float[] weights, float[] bias) {
    this.algorithm = plan.algorithm();
    this.groups = plan.shape().groups();
    this.filterDims = plan.filterDims();
    this.weights = weights;
    this.bias = bias;
  }

  /** Memory that the packed filter takes. */
  public long bytes() {
    return (long) Float.BYTES * (weights.length + bias.length);
  }

  void checkFits(ConvPlan plan) {
    boolean fits =
        algorithm == plan.algorithm()
            && groups == plan.shape().groups()
            && Arrays.equals(filterDims, plan.filterDims());
    if (!fits) {
      throw new IllegalArgumentException(
          "a filter packed for %s with %d groups and dimensions %s does not fit %s for %s"
              .formatted(
                  algorithm.label(),
                  groups,
                  Arrays.toString(filterDims),
                  plan.algorithm().label(),
                  plan.shape()));
    }
  }
}
