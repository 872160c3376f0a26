package dev.lanewise.kernels.parallel;

import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;

/**
 * A row of units of work, cut into one run for each worker so that the run with most work has as
 * little as can be.
 *
 * <p>For work that is more than the sum of its units, such as runs that each transform their input
 * again; {@link Shares} are for units that cost the same in every run. The cuts depend on the
 * numbers here and the count of workers alone.
 */
public final class Runs {

  /** How much more than the least the largest run may have, as a part of it. */
  private static final double TOLERANCE = 1e-3;

  /** Estimated work of neighbouring units; no less than that of some of them. */
  public interface Cost {
    double of(long first, long end);
  }

  private final long[] starts;
  private final double largest;

  private Runs(long[] starts, double largest) {
    this.starts = starts;
    this.largest = largest;
  }

  /** Cuts {@code units} for a number of workers, some of whom may find nothing to do. */
  public static Runs of(long units, int workers, Cost cost) {
    Check.positive("workers", workers);
    long[] best = new long[workers + 1];
    Arrays.fill(best, 1, workers + 1, units);
    double low = cost.of(0, units) / workers;
    double high = low;
    if (workers > 1 && units > 0) {
      long[] tried = new long[workers + 1];
      while (!fill(tried, units, high, cost)) {
        low = high;
        high *= 1.1;
      }
      System.arraycopy(tried, 0, best, 0, tried.length);
      while (high - low > TOLERANCE * low) {
        double middle = (low + high) / 2;
        if (fill(tried, units, middle, cost)) {
          high = middle;
          System.arraycopy(tried, 0, best, 0, tried.length);
        } else {
          low = middle;
        }
      }
    }
    return new Runs(best, high);
  }

  /** Cuts runs of at most so much work, one after the other; tells whether that is all of it. */
  private static boolean fill(long[] starts, long units, double most, Cost cost) {
    for (int worker = 1; worker < starts.length; worker++) {
      starts[worker] = end(starts[worker - 1], units, most, cost);
    }
    return starts[starts.length - 1] == units;
  }

  /** Where a run of at most so much work ends. */
  private static long end(long first, long units, double most, Cost cost) {
    long fits = first;
    long step = 1;
    while (fits < units && cost.of(first, Math.min(units, fits + step)) <= most) {
      fits = Math.min(units, fits + step);
      step *= 2;
    }
    while (step > 1 && fits < units) {
      step /= 2;
      if (fits + step <= units && cost.of(first, fits + step) <= most) {
        fits += step;
      }
    }
    return fits;
  }

  /** Where a worker's run begins; it ends where the next worker's begins. */
  public long start(int worker) {
    return starts[worker];
  }

  /** How many workers there are. */
  public int workers() {
    return starts.length - 1;
  }

  /** A bound of the work of the largest run, close to it. */
  public double largest() {
    return largest;
  }
}
