package dev.lanewise.nn;

import dev.lanewise.kernels.parallel.Workers;

/** Element-by-element work on long arrays, shared by workers in pieces that fit the cache. */
public final class Ranges {

  /** Floats of a piece: 16 kB, which stay in the first-level cache. */
  private static final int PIECE = 4096;

  private Ranges() {}

  /** Work on the elements from one index to another. */
  @FunctionalInterface
  public interface Range {
    /** Does the work for the elements from {@code from} up to {@code to}, which is left out. */
    void run(int from, int to);
  }

  /**
   * Runs the work for all elements of a length. The borders of pieces do not depend on the number
   * of workers; no two pieces overlap.
   */
  public static void run(Workers workers, int length, Range range) {
    each(
        workers,
        Math.ceilDiv(length, PIECE),
        i -> range.run(i * PIECE, Math.min(length, (i + 1) * PIECE)));
  }

  /** Work on one unit. */
  @FunctionalInterface
  public interface Unit {
    /** Does the work of one unit, by its number. */
    void run(int unit);
  }

  /** Runs the work of each unit once, neighbouring units on one worker. */
  public static void each(Workers workers, int units, Unit work) {
    workers.run(
        (worker, count, scratch) -> {
          int end = Workers.start(units, worker + 1, count);
          for (int unit = Workers.start(units, worker, count); unit < end; unit++) {
            work.run(unit);
          }
        });
  }
}
