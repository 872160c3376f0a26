package dev.lanewise.kernels.strassen;

import dev.lanewise.kernels.parallel.PartedRuns;
import dev.lanewise.kernels.parallel.PartedRuns.Work;
import dev.lanewise.kernels.parallel.PerCount;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.simd.BatchReduce;

/**
 * How workers share the pixels of {@link StrassenConvolution}, times parts of the panels, and what
 * their shares cost in vector multiply-adds of 16 lanes. Units are pixels of the upper half, each
 * with its counterpart of the lower one, ordered (image, part of the panels, pixel).
 */
final class StrassenPartition {

  /** The sums of a block of input channels for a pixel of each quarter. Measured on Zen 4. */
  private static final double INPUT_SUMS = 14;

  /** What surrounds the products of a block of output channels: starting values, a sum. */
  private static final double OUTPUT_SUMS = 24;

  /**
   * Sixteen floats that the filter has more than that of the definition, from beyond the caches.
   */
  private static final double FILTER_LINE = 2;

  private final Quarters quarters;

  private final PerCount<PartedRuns> choices = new PerCount<>(this::choose);

  StrassenPartition(Quarters quarters) {
    this.quarters = quarters;
  }

  /** The parts and runs for a number of workers. */
  PartedRuns choice(int workers) {
    return choices.of(workers);
  }

  private PartedRuns choose(int workers) {
    return PartedRuns.of(
        quarters.panels,
        workers,
        parts ->
            new Work(
                (long) quarters.images * parts * quarters.half,
                (first, end) -> cost(first, end, parts)));
  }

  /** Estimated work of a worker's share. */
  double cost(int worker, int workers) {
    PartedRuns shared = choice(workers);
    return cost(shared.runs().start(worker), shared.runs().start(worker + 1), shared.parts());
  }

  private double cost(long start, long end, int parts) {
    double cost = 0;
    for (long unit = start; unit < end; ) {
      int first = (int) (unit % quarters.half);
      int count = (int) Math.min(quarters.half - first, end - unit);
      int part = (int) (unit / quarters.half % parts);
      int panels =
          Workers.start(quarters.panels, part + 1, parts)
              - Workers.start(quarters.panels, part, parts);
      for (int done = 0; done < count; done += quarters.blockPixels) {
        cost += blockCost(Math.min(quarters.blockPixels, count - done), panels);
      }
      unit += count;
    }
    return cost;
  }

  private double blockCost(int count, int panels) {
    double more = (Quarters.PRODUCTS - 4.0) / Quarters.BLOCK * quarters.productFloats();
    double panel =
        Quarters.PRODUCTS * BatchReduce.cost(2, count, quarters.inBlocks)
            + OUTPUT_SUMS * 2 * count
            + FILTER_LINE * more;
    return INPUT_SUMS * count * quarters.inBlocks + panels * panel;
  }
}
