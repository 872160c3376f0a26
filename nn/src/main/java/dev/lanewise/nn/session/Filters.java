package dev.lanewise.nn.session;

import dev.lanewise.kernels.norm.BatchNorm;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** Packed filters, which sessions of one network for several input shapes share. */
final class Filters {

  private final IdentityHashMap<Tensor, List<PackedFilter>> packed = new IdentityHashMap<>();

  /**
   * A filter with a batch norm folded in, packed for a plan, unless one is there that fits.
   *
   * @param bias or null
   * @param norm or null
   */
  synchronized PackedFilter packed(
      ConvPlan plan, Tensor weight, Tensor bias, Operator.BatchNorm norm) {
    List<PackedFilter> known = packed.computeIfAbsent(weight, key -> new ArrayList<>());
    for (PackedFilter filter : known) {
      if (filter.fits(plan)) {
        return filter;
      }
    }
    float[] values = bias == null ? null : bias.data();
    PackedFilter filter;
    if (norm == null) {
      filter = plan.pack(weight.data(), values);
    } else {
      BatchNorm.Folded folded =
          BatchNorm.fold(
              weight.data(),
              values,
              norm.affine().weight().data(),
              norm.affine().bias().data(),
              norm.running().mean().data(),
              norm.running().variance().data(),
              norm.affine().epsilon());
      filter = plan.pack(folded.filter(), folded.bias());
    }
    known.add(filter);
    return filter;
  }

  /** Memory of all filters. */
  synchronized long bytes() {
    return packed.values().stream().flatMap(List::stream).mapToLong(PackedFilter::bytes).sum();
  }
}
