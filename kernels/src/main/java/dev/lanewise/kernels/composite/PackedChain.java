package dev.lanewise.kernels.composite;

import dev.lanewise.kernels.plan.PackedFilter;
import java.util.List;

/** The packed filters of a chain: made by {@link ChainPlan#pack}. */
public final class PackedChain {

  private final List<PackedFilter> filters;

  PackedChain(List<PackedFilter> filters) {
    this.filters = List.copyOf(filters);
  }

  PackedFilter filter(int link) {
    return filters.get(link);
  }

  int size() {
    return filters.size();
  }

  /** Memory that the packed filters take. */
  public long bytes() {
    return filters.stream().mapToLong(PackedFilter::bytes).sum();
  }
}
