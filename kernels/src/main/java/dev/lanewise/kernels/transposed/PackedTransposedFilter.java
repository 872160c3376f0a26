package dev.lanewise.kernels.transposed;

import dev.lanewise.kernels.plan.PackedFilter;
import java.util.Arrays;

/**
 * A filter and bias laid out by {@link TransposedPlan#pack}, for that plan or any plan with the
 * same algorithm, channels, groups and kernel.
 */
public final class PackedTransposedFilter {

  private final int groups;
  private final int[] filterDims;

  /** Set where phases compute the plan. */
  final float[] weights;

  final float[] bias;

  /** Set where a plan of stride 1 computes it. */
  final PackedFilter mirrored;

  PackedTransposedFilter(
      TransposedShape shape, float[] weights, float[] bias, PackedFilter mirrored) {
    groups = shape.groups();
    filterDims = shape.filterDims();
    this.weights = weights;
    this.bias = bias;
    this.mirrored = mirrored;
  }

  /** Memory that the packed filter takes. */
  public long bytes() {
    return mirrored == null
        ? (long) Float.BYTES * (weights.length + bias.length)
        : mirrored.bytes();
  }

  void checkFits(TransposedShape shape, int[] dims, boolean byPhases) {
    boolean fits =
        groups == shape.groups()
            && byPhases == (mirrored == null)
            && Arrays.equals(filterDims, dims);
    if (!fits) {
      throw new IllegalArgumentException(
          "a filter packed %s with %d groups and dimensions %s does not fit %s %s"
              .formatted(
                  mirrored == null ? "for phases" : "mirrored",
                  groups,
                  Arrays.toString(filterDims),
                  byPhases ? "phases of" : "the mirrored",
                  shape));
    }
  }
}
