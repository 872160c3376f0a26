package dev.lanewise.kernels.plan;

import java.util.Arrays;
import java.util.List;

/**
 * A filter and bias laid out for one algorithm: made by {@link ConvPlan#pack}, used by {@link
 * ConvPlan#run} of that plan or of any plan with the same algorithm, channels, groups and kernel
 * (and tiles, where the algorithm packs for their size: see {@link ConvAlgorithm#filterVariant}).
 */
public final class PackedFilter {

  private final Algorithm algorithm;
  private final int groups;
  private final int[] filterDims;
  private final List<Integer> variant;
  final float[] weights;
  final float[] bias;

  PackedFilter(ConvPlan plan, float[] weights, float[] bias) {
    this.algorithm = plan.algorithm();
    this.groups = plan.shape().groups();
    this.filterDims = plan.filterDims();
    this.variant = plan.filterVariant();
    this.weights = weights;
    this.bias = bias;
  }

  /** Memory that the packed filter takes. */
  public long bytes() {
    return (long) Float.BYTES * (weights.length + bias.length);
  }

  /** Whether a plan can run with this filter. */
  public boolean fits(ConvPlan plan) {
    return algorithm == plan.algorithm()
        && groups == plan.shape().groups()
        && Arrays.equals(filterDims, plan.filterDims())
        && variant.equals(plan.filterVariant());
  }

  void checkFits(ConvPlan plan) {
    if (!fits(plan)) {
      throw new IllegalArgumentException(
          "a filter packed for %s with %d groups, dimensions %s and tiles %s does not fit %s for %s"
              .formatted(
                  algorithm.label(),
                  groups,
                  Arrays.toString(filterDims),
                  variant,
                  plan.algorithm().label(),
                  plan.shape()));
    }
  }
}
