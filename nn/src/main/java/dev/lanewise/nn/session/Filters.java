package dev.lanewise.nn.session;

import dev.lanewise.kernels.norm.BatchNorm;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Packed filters, which sessions of one network for several input shapes share. */
final class Filters {

  private final IdentityHashMap<Tensor, List<PackedFilter>> packed = new IdentityHashMap<>();

  /** By length, arrays that folded filters were in until they were packed. */
  private final Map<Integer, float[]> folds = new ConcurrentHashMap<>();

  /** What there is of a weight; whoever packs it holds the lock of its own list alone. */
  private synchronized List<PackedFilter> known(Tensor weight) {
    return packed.computeIfAbsent(weight, key -> new ArrayList<>());
  }

  /**
   * A filter with a batch norm folded in, packed for a plan, unless one is there that fits.
   *
   * @param bias or null
   * @param norm or null
   */
  PackedFilter packed(ConvPlan plan, Tensor weight, Tensor bias, Operator.BatchNorm norm) {
    List<PackedFilter> known = known(weight);
    synchronized (known) {
      for (PackedFilter filter : known) {
        if (filter.fits(plan)) {
          return filter;
        }
      }
      PackedFilter filter = pack(plan, weight, bias, norm);
      known.add(filter);
      return filter;
    }
  }

  private PackedFilter pack(ConvPlan plan, Tensor weight, Tensor bias, Operator.BatchNorm norm) {
    float[] values = bias == null ? null : bias.data();
    if (norm == null) {
      return plan.pack(weight.data(), values);
    }
    float[] given = folds.remove(weight.size());
    float[] into = given == null ? new float[weight.size()] : given;
    BatchNorm.Folded folded =
        BatchNorm.fold(
            weight.data(),
            values,
            norm.affine().weight().data(),
            norm.affine().bias().data(),
            norm.running().mean().data(),
            norm.running().variance().data(),
            norm.affine().epsilon(),
            into);
    PackedFilter filter = plan.pack(folded.filter(), folded.bias());
    folds.put(into.length, into);
    return filter;
  }

  /** Frees what packing worked in. */
  void trim() {
    folds.clear();
  }

  /** Memory of all filters. */
  synchronized long bytes() {
    return packed.values().stream().mapToLong(Filters::bytes).sum();
  }

  private static long bytes(List<PackedFilter> known) {
    synchronized (known) {
      return known.stream().mapToLong(PackedFilter::bytes).sum();
    }
  }
}
