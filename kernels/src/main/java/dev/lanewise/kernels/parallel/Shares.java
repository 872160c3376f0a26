package dev.lanewise.kernels.parallel;

import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;

/**
 * A long row of units of work, cut into one run of units for each worker so that all have nearly
 * the same work to do.
 *
 * <p>Units are the finest pieces that can be told apart, such as output pixels: with whole strips
 * of them as units, 4 w + 1 strips would give one worker 1.25 times the mean. Neighbouring units of
 * equal work form a segment, such as a row of pixels. A cut falls between two segments where that
 * hardly matters, so that a row is seldom torn. The cuts depend on the numbers here and the count
 * of workers alone.
 */
public final class Shares {

  /** Part of a mean share by which a cut may move to fall between two segments. */
  private static final double SNAP = 0.02;

  private final long repeats;

  /** Units, and their work, before each segment and in all. */
  private final long[] unitsBefore;

  private final double[] workBefore;

  /**
   * A sequence of segments that is repeated.
   *
   * @param repeats how often, such as the images of a batch; at least 1
   * @param units units of each segment
   * @param work work of one unit of each segment, above zero
   */
  public Shares(int repeats, int[] units, double[] work) {
    this.repeats = Check.positive("repeats", repeats);
    unitsBefore = new long[units.length + 1];
    workBefore = new double[units.length + 1];
    for (int i = 0; i < units.length; i++) {
      unitsBefore[i + 1] = unitsBefore[i] + units[i];
      workBefore[i + 1] = workBefore[i] + units[i] * work[i];
    }
  }

  /** Units of one repetition. */
  public long repeatUnits() {
    return unitsBefore[unitsBefore.length - 1];
  }

  /** All units. */
  public long units() {
    return repeats * repeatUnits();
  }

  /** Where a worker's share begins; it ends where the next worker's begins. */
  public long start(int worker, int workers) {
    if (worker == workers) {
      return units();
    }
    double repeatWork = workBefore[workBefore.length - 1];
    double before = repeatWork * repeats / workers * worker;
    long repeat = Math.min((long) (before / repeatWork), repeats - 1);
    double within = Math.max(0, before - repeat * repeatWork);
    return repeat * repeatUnits() + cut(within, repeats * repeatWork / workers);
  }

  /** The unit before which so much work of a repetition lies. */
  private long cut(double work, double share) {
    int found = Arrays.binarySearch(workBefore, work);
    int segment = Math.min(found >= 0 ? found : -found - 2, workBefore.length - 2);
    double into = work - workBefore[segment];
    double rest = workBefore[segment + 1] - work;
    if (Math.min(into, rest) <= SNAP * share) {
      return unitsBefore[into <= rest ? segment : segment + 1];
    }
    long units = unitsBefore[segment + 1] - unitsBefore[segment];
    return unitsBefore[segment] + Math.round(units * into / (into + rest));
  }
}
