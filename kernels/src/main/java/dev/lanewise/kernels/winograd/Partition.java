package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.parallel.Workers;

/**
 * How the work is shared out: the spans of the whole batch, times parts of the output channels.
 *
 * <p>Each part transforms the input again, so there are no more than make the largest share
 * smaller. Units are ordered (channel group, part, span), and a worker has a run of them.
 */
final class Partition {

  private final Tiling tiling;
  private final WinogradCost costs;
  private final int blockTiles;

  /** The last choice: a plan seldom meets another number of workers. */
  private volatile Choice choice = new Choice(0, 1);

  private record Choice(int workers, int parts) {}

  Partition(Tiling tiling, WinogradCost costs, int blockTiles) {
    this.tiling = tiling;
    this.costs = costs;
    this.blockTiles = blockTiles;
  }

  /** Pairs of output blocks of a channel group; a single last block counts as one. */
  int pairs() {
    return Math.ceilDiv(tiling.outBlocks, 2);
  }

  /** Parts into which the output channels of a group are cut. */
  int channelParts(int workers) {
    Choice last = choice;
    if (last.workers != workers) {
      last = choose(workers);
      choice = last;
    }
    return last.parts;
  }

  private Choice choose(int workers) {
    int best = 1;
    double least = Double.MAX_VALUE;
    for (int parts = 1; parts <= pairs(); parts++) {
      double largest = 0;
      for (int worker = 0; worker < workers; worker++) {
        largest = Math.max(largest, cost(worker, workers, parts));
      }
      if (largest < least) {
        least = largest;
        best = parts;
      }
    }
    return new Choice(workers, best);
  }

  /** Units of work for a number of parts. */
  int units(int parts) {
    return tiling.groups * parts * tiling.spans;
  }

  /** Blocks into which a run of spans is cut, each of at most as many tiles as the workspace. */
  int tileBlocks(int first, int end) {
    return Math.ceilDiv(end - first, Math.max(1, blockTiles / tiling.spanTiles));
  }

  /** Estimated work of a worker's share. */
  double cost(int worker, int workers) {
    return cost(worker, workers, channelParts(workers));
  }

  private double cost(int worker, int workers, int parts) {
    int end = Workers.start(units(parts), worker + 1, workers);
    double cost = 0;
    for (int unit = Workers.start(units(parts), worker, workers); unit < end; ) {
      int part = unit / tiling.spans;
      int first = unit % tiling.spans;
      int until = Math.min(tiling.spans, first + end - unit);
      int firstPair = Workers.start(pairs(), part % parts, parts);
      int endPair = Workers.start(pairs(), part % parts + 1, parts);
      int blocks = tileBlocks(first, until);
      for (int b = 0; b < blocks; b++) {
        int from = first + Workers.start(until - first, b, blocks);
        int to = first + Workers.start(until - first, b + 1, blocks);
        cost += costs.block(tiling.tiles(from, to), firstPair, endPair);
      }
      unit += until - first;
    }
    return cost;
  }
}
