package dev.lanewise.nn.optim;

import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import java.util.Arrays;

/**
 * Arrays of any lengths, cut into pieces that are shared out evenly among workers; where the cuts
 * fall depends on the lengths alone.
 *
 * <p>Loops over a piece are plain Java: C2 puts such element by element arithmetic on lanes by
 * itself, and rounds it as Java does on every machine.
 */
final class Pieces {

  /** Floats of a piece: 16 kB of each array, which stay in the first-level cache. */
  static final int LENGTH = 4096;

  /** What is done with one piece. */
  interface Step {
    /**
     * Does it.
     *
     * @param array which array
     * @param piece the number of the piece among those of all arrays
     * @param from the first element
     * @param to the element after the last
     */
    void run(int array, int piece, int from, int to);
  }

  private final Workers workers;
  private final int[] lengths;

  /** The number of pieces before each array, and of all. */
  private final int[] starts;

  Pieces(Workers workers, int... lengths) {
    this.workers = workers;
    this.lengths = lengths.clone();
    starts = new int[lengths.length + 1];
    for (int i = 0; i < lengths.length; i++) {
      starts[i + 1] = starts[i] + Math.ceilDiv(lengths[i], LENGTH);
    }
  }

  /** The number of pieces. */
  int count() {
    return starts[lengths.length];
  }

  /** The number of pieces before an array's first. */
  int start(int array) {
    return starts[array];
  }

  /** A step as a task, made once so that running it allocates nothing. */
  Task task(Step step) {
    return (worker, all, _) -> {
      int end = Workers.start(count(), worker + 1, all);
      int piece = Workers.start(count(), worker, all);
      int array = arrayOf(piece);
      for (; piece < end; piece++) {
        while (piece >= starts[array + 1]) {
          array++;
        }
        int from = (piece - starts[array]) * LENGTH;
        step.run(array, piece, from, Math.min(lengths[array], from + LENGTH));
      }
    };
  }

  private int arrayOf(int piece) {
    int found = Arrays.binarySearch(starts, piece);
    return found >= 0 ? found : -found - 2;
  }

  void run(Task task) {
    workers.run(task);
  }
}
