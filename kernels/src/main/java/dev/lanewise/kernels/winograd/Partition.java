package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.parallel.PartedRuns;
import dev.lanewise.kernels.parallel.PartedRuns.Work;
import dev.lanewise.kernels.parallel.PerCount;
import dev.lanewise.kernels.parallel.Runs;
import dev.lanewise.kernels.parallel.Workers;
import java.util.function.Function;

/**
 * How the work is shared out: the spans of the whole batch, times parts of the output channels; or
 * in {@link Stages}, where the slowest worker is done earlier so.
 *
 * <p>Each part transforms the input again, so there are no more than make the largest share
 * smaller. A worker has a run of {@link Units}, cut by all that it costs: a run over two parts
 * transforms the input of both.
 */
final class Partition {

  private final Tiling tiling;
  private final WinogradCost costs;
  private final int blockTiles;

  /** Null where all tiles at once would need too much memory. */
  private final Stages stages;

  private final PerCount<Choice> choices = new PerCount<>(this::choose);

  /**
   * How a number of workers share the work.
   *
   * @param units what is shared out
   * @param runs the runs of workers
   * @param staged whether stages are better than these
   */
  record Choice(Units units, Runs runs, boolean staged) {}

  Partition(
      Tiling tiling,
      WinogradCost costs,
      int blockTiles,
      Function<Workspace, InputTransform> input) {
    this.tiling = tiling;
    this.costs = costs;
    this.blockTiles = blockTiles;
    stages = Stages.possible(tiling) ? new Stages(tiling, costs, input) : null;
  }

  /** The stages, if a choice has said so. */
  Stages stages() {
    return stages;
  }

  /** The parts and runs for a number of workers. */
  Choice choice(int workers) {
    return choices.of(workers);
  }

  private Choice choose(int workers) {
    PartedRuns best = PartedRuns.of(tiling.pairs(), workers, this::work);
    boolean staged =
        workers > 1 && stages != null && stages.largest(workers) < best.runs().largest();
    return new Choice(new Units(tiling, best.parts()), best.runs(), staged);
  }

  private Work work(int parts) {
    Units units = new Units(tiling, parts);
    return new Work(units.count(), (first, end) -> cost(first, end, units));
  }

  /** Blocks into which a run of spans is cut, each of at most as many tiles as the workspace. */
  int tileBlocks(int first, int end) {
    return Math.ceilDiv(end - first, Math.max(1, blockTiles / tiling.spanTiles));
  }

  /** Estimated work of a worker's share of a stage. */
  double cost(int stage, int worker, int workers) {
    Choice shared = choice(workers);
    if (shared.staged) {
      return stages.cost(stage, worker, workers);
    }
    return cost(shared.runs.start(worker), shared.runs.start(worker + 1), shared.units);
  }

  private double cost(long start, long end, Units units) {
    double cost = 0;
    for (long unit = start; unit < end; ) {
      long together = units.together(unit, end);
      int first = units.span(unit);
      int until = units.span(together - 1) + 1;
      int firstPair = units.firstPair(unit);
      int endPair = units.endPair(together - 1);
      int blocks = tileBlocks(first, until);
      for (int b = 0; b < blocks; b++) {
        int from = first + Workers.start(until - first, b, blocks);
        int to = first + Workers.start(until - first, b + 1, blocks);
        cost += costs.block(from, to, firstPair, endPair);
      }
      unit = together;
    }
    return cost;
  }
}
