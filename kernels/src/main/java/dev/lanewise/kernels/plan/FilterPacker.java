package dev.lanewise.kernels.plan;

import dev.lanewise.kernels.parallel.Spare;
import dev.lanewise.kernels.parallel.Workers;

/** Lays filters out for an algorithm; safe for concurrent callers, and allocates nothing. */
public final class FilterPacker {

  private final Workers workers;
  private final Spare<PackCall> calls;

  /**
   * Packs for one algorithm.
   *
   * @param order brings filters in the order in which the algorithm wants them, or null if that is
   *     their own
   * @param filterLength floats of a filter
   */
  public FilterPacker(
      ConvAlgorithm algorithm, FilterOrder order, int filterLength, Workers workers) {
    this.workers = workers;
    calls = new Spare<>(() -> new PackCall(algorithm, order, filterLength));
  }

  /**
   * Packs a filter.
   *
   * @param packed as in {@link ConvAlgorithm#pack(float[], float[])}
   */
  public void pack(float[] filter, float[] packed) {
    PackCall call = calls.take();
    call.run(filter, packed, workers);
    calls.give(call);
  }
}
