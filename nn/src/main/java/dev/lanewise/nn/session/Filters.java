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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntFunction;

/** Packed filters, which sessions of one network for several input shapes share. */
final class Filters {

  private final IdentityHashMap<Tensor, List<PackedFilter>> packed = new IdentityHashMap<>();

  /** Of pairs, by the second weight. */
  private final Map<Tensor, PackedSeparable> pairs =
      Collections.synchronizedMap(new IdentityHashMap<>());

  /** Arrays that filters were in until they were packed: at most one for each thread that packs. */
  private final Queue<float[]> rooms = new ConcurrentLinkedQueue<>();

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
          Folded depthwise = folded(first.weight(), first.bias(), firstNorm, float[]::new);
          Folded pointwise = folded(second.weight(), second.bias(), secondNorm, float[]::new);
          return plan.pack(
              depthwise.filter(), depthwise.bias(), pointwise.filter(), pointwise.bias());
        });
  }

  private PackedFilter pack(ConvPlan plan, Tensor weight, Tensor bias, Operator.BatchNorm norm) {
    Folded folded = folded(weight, bias, norm, this::atLeast);
    PackedFilter filter = plan.packBeginning(folded.filter(), folded.bias());
    if (folded.room()) {
      rooms.add(folded.filter());
    }
    return filter;
  }

  /**
   * A filter and bias with a norm folded in, if there is one.
   *
   * @param filter an array of which it is the beginning
   * @param bias or null
   * @param room whether the filter lies in an array that was given for it, not in its own
   */
  @SuppressWarnings("ArrayRecordComponent") // several results; never compared
  private record Folded(float[] filter, float[] bias, boolean room) {}

  private static Folded folded(
      Tensor weight, Tensor bias, Operator.BatchNorm norm, IntFunction<float[]> rooms) {
    float[] values = bias == null ? null : bias.data();
    if (norm == null && !weight.isStored()) {
      return new Folded(weight.data(), values, false);
    }
    float[] room = rooms.apply(weight.size());
    weight.copyTo(room);
    return new Folded(room, norm == null ? values : fold(norm, room, weight.size(), values), true);
  }

  private static float[] fold(Operator.BatchNorm norm, float[] filter, int length, float[] bias) {
    return BatchNorm.fold(
        filter,
        length,
        bias,
        norm.affine().weight().data(),
        norm.affine().bias().data(),
        norm.running().mean().data(),
        norm.running().variance().data(),
        norm.affine().epsilon());
  }

  /** A spare array that is long enough, or a new one in the place of one that is not. */
  private float[] atLeast(int length) {
    float[] spare = rooms.poll();
    return spare != null && spare.length >= length ? spare : new float[length];
  }

  /** Frees what packing worked in. */
  void trim() {
    rooms.clear();
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
