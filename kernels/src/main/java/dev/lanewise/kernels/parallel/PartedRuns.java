package dev.lanewise.kernels.parallel;

import java.util.function.IntFunction;

/**
 * Runs over units of which each is a part of some work, such as a part of the output channels at
 * one of the pixels: more parts share out more finely, but each of them does something again.
 *
 * @param parts parts into which the work is cut
 * @param runs the runs of workers over the units of all parts
 */
public record PartedRuns(int parts, Runs runs) {

  /**
   * The work in so many parts.
   *
   * @param units the units of all parts
   * @param cost what they cost in runs
   */
  public record Work(long units, Runs.Cost cost) {}

  /**
   * Cuts into the number of parts whose largest run is least; of equals, the fewest.
   *
   * @param most how many parts there can be, from 1; more than workers could only repeat more
   * @param work the work in a number of parts
   */
  public static PartedRuns of(int most, int workers, IntFunction<Work> work) {
    PartedRuns best = null;
    for (int parts = 1; parts <= Math.min(most, workers); parts++) {
      Work cut = work.apply(parts);
      // No largest run is less than the mean.
      if (best == null || cut.cost.of(0, cut.units) / workers < best.runs.largest()) {
        Runs runs = Runs.of(cut.units, workers, cut.cost);
        if (best == null || runs.largest() < best.runs.largest()) {
          best = new PartedRuns(parts, runs);
        }
      }
    }
    return best;
  }
}
