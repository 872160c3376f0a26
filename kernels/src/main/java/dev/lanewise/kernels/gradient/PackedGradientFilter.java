package dev.lanewise.kernels.gradient;

import dev.lanewise.kernels.transposed.PackedTransposedFilter;

/**
 * A filter laid out for the gradient by data: made by {@link ConvGradient#packData}, used by that
 * gradient or any with the same algorithm, channels, groups and kernel.
 */
public final class PackedGradientFilter {

  final PackedTransposedFilter filter;

  PackedGradientFilter(PackedTransposedFilter filter) {
    this.filter = filter;
  }

  /** Memory that the packed filter takes. */
  public long bytes() {
    return filter.bytes();
  }
}
