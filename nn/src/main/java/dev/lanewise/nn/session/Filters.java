package dev.lanewise.nn.session;

import dev.lanewise.kernels.norm.BatchNorm;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.kernels.separable.PackedSeparable;
import dev.lanewise.kernels.separable.SeparablePlan;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Packed filters, which sessions of one network for several input shapes share. */
final class Filters {

  private final IdentityHashMap<Tensor, List<PackedFilter>> packed = new IdentityHashMap<>();

  /** Of pairs, by the second weight. */
  private final Map<Tensor, PackedSeparable> pairs =
      Collections.synchronizedMap(new IdentityHashMap<>());

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

  /**
   * The filters of a depthwise and a pointwise convolution with batch norms folded in.
   *
   * @param firstNorm or null
   * @param secondNorm or null
   */
  PackedSeparable packed(
      SeparablePlan plan,
      Operator.Convolution first,
      Operator.BatchNorm firstNorm,
      Operator.Convolution second,
      Operator.BatchNorm secondNorm) {
    return pairs.computeIfAbsent(
        second.weight(),
        key -> {
          BatchNorm.Folded depthwise = folded(first.weight(), first.bias(), firstNorm);
          BatchNorm.Folded pointwise = folded(second.weight(), second.bias(), secondNorm);
          PackedSeparable filters =
              plan.pack(depthwise.filter(), depthwise.bias(), pointwise.filter(), pointwise.bias());
          done(depthwise, firstNorm);
          done(pointwise, secondNorm);
          return filters;
        });
  }

  private PackedFilter pack(ConvPlan plan, Tensor weight, Tensor bias, Operator.BatchNorm norm) {
    BatchNorm.Folded folded = folded(weight, bias, norm);
    PackedFilter filter = plan.pack(folded.filter(), folded.bias());
    done(folded, norm);
    return filter;
  }

  /** A filter and bias with a norm folded in, if there is one. */
  private BatchNorm.Folded folded(Tensor weight, Tensor bias, Operator.BatchNorm norm) {
    float[] values = bias == null ? null : bias.data();
    if (norm == null) {
      return new BatchNorm.Folded(weight.data(), values);
    }
    float[] given = folds.remove(weight.size());
    return BatchNorm.fold(
        weight.data(),
        values,
        norm.affine().weight().data(),
        norm.affine().bias().data(),
        norm.running().mean().data(),
        norm.running().variance().data(),
        norm.affine().epsilon(),
        given == null ? new float[weight.size()] : given);
  }

  /** Gives the array of a folded filter to the next one of its length. */
  private void done(BatchNorm.Folded folded, Operator.BatchNorm norm) {
    if (norm != null) {
      folds.put(folded.filter().length, folded.filter());
    }
  }

  /** Frees what packing worked in. */
  void trim() {
    folds.clear();
  }

  /** Memory of all filters. */
  synchronized long bytes() {
    long single = packed.values().stream().mapToLong(Filters::bytes).sum();
    synchronized (pairs) {
      return single + pairs.values().stream().mapToLong(PackedSeparable::bytes).sum();
    }
  }

  private static long bytes(List<PackedFilter> known) {
    synchronized (known) {
      return known.stream().mapToLong(PackedFilter::bytes).sum();
    }
  }
}
