package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.parallel.PartedRuns;
import dev.lanewise.kernels.parallel.PartedRuns.Work;
import dev.lanewise.kernels.parallel.PerCount;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.simd.BatchReduce;

/**
 * How workers share the tiles of {@link StridedWinograd}, times parts of the output channels, and
 * what their shares cost in vector multiply-adds of 16 lanes. Units are ordered (image, part of the
 * output channels, tile).
 */
final class StridedPartition {

  /** A part of 16 channels of a window: loads, differences, store. Measured on Zen 4. */
  private static final double INPUT_PART = 10;

  /** A product of 16 output channels of a tile. */
  private static final double OUTPUT_PRODUCT = 10;

  private final StridedTiles tiles;

  private final PerCount<PartedRuns> choices = new PerCount<>(this::choose);

  StridedPartition(StridedTiles tiles) {
    this.tiles = tiles;
  }

  /** The parts and runs for a number of workers. */
  PartedRuns choice(int workers) {
    return choices.of(workers);
  }

  private PartedRuns choose(int workers) {
    return PartedRuns.of(
        tiles.pairs,
        workers,
        parts ->
            new Work(
                (long) tiles.images * parts * tiles.imageTiles(),
                (first, end) -> cost(first, end, parts)));
  }

  /** Estimated work of a worker's share. */
  double cost(int worker, int workers) {
    PartedRuns shared = choice(workers);
    return cost(shared.runs().start(worker), shared.runs().start(worker + 1), shared.parts());
  }

  private double cost(long start, long end, int parts) {
    int imageTiles = tiles.imageTiles();
    double cost = 0;
    for (long unit = start; unit < end; ) {
      int first = (int) (unit % imageTiles);
      int until = (int) Math.min(imageTiles, first + end - unit);
      int part = (int) (unit / imageTiles % parts);
      int firstPair = Workers.start(tiles.pairs, part, parts);
      int endPair = Workers.start(tiles.pairs, part + 1, parts);
      int blocks = Math.ceilDiv(until - first, tiles.blockTiles);
      for (int b = 0; b < blocks; b++) {
        int from = first + Workers.start(until - first, b, blocks);
        int to = first + Workers.start(until - first, b + 1, blocks);
        cost += blockCost(to - from, firstPair, endPair);
      }
      unit += until - first;
    }
    return cost;
  }

  /** Transforms and products, which hide the filter's way from memory: measured at 16 tiles. */
  private double blockCost(int count, int firstPair, int endPair) {
    int outBlocks = Math.min(2 * endPair, tiles.outBlocks) - 2 * firstPair;
    int wide = outBlocks / 2;
    int single = outBlocks % 2;
    double cost =
        (double) count * tiles.inBlocks * StridedTiles.ALL_PARTS * INPUT_PART
            + (double) count * outBlocks * StridedTiles.ALL_PRODUCTS * OUTPUT_PRODUCT;
    for (int product = 0; product < StridedTiles.ALL_PRODUCTS; product++) {
      int terms = StridedTiles.parts(product) * tiles.inBlocks;
      cost += wide * BatchReduce.cost(2, count, terms);
      cost += single * BatchReduce.cost(1, count, terms);
    }
    return cost;
  }
}
