package dev.lanewise.bench.compare;

import dev.lanewise.bench.peer.Peer.Prepared;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Times prepared convolutions in turns, A B C A B C, and keeps the best run of each. What disturbs
 * a shared machine for a while thus hits all of them, and the best run is the one it did not hit.
 */
final class Race {

  private static final long LIBRARY_TURN_NANOS = 30_000_000;
  private static final long CANDIDATE_TURN_NANOS = 4_000_000;
  private static final int TURN_RUNS = 3;

  /** Longer than idle threads of the libraries here keep spinning before they sleep. */
  private static final long SETTLE_NANOS = 3_000_000;

  private final Duration budget;
  private final Runnable between;
  private final BooleanSupplier stop;
  private final long turnNanos;
  private final long settleNanos;

  private Race(
      Duration budget, Runnable between, BooleanSupplier stop, long turnNanos, long settleNanos) {
    this.budget = budget;
    this.between = between;
    this.stop = stop;
    this.turnNanos = turnNanos;
    this.settleNanos = settleNanos;
  }

  /**
   * A race of libraries, each with threads of its own, which are given time to sleep.
   *
   * @param budget time for each contender; at least two rounds are run
   * @param between called at the start of each round
   * @param stop ends the race after the running turn when it becomes true
   */
  static Race ofLibraries(Duration budget, Runnable between, BooleanSupplier stop) {
    return new Race(budget, between, stop, LIBRARY_TURN_NANOS, SETTLE_NANOS);
  }

  /** A race of Lanewise's own algorithms: short turns without a pause. */
  static Race ofCandidates(Duration budget, BooleanSupplier stop) {
    return new Race(budget, () -> {}, stop, CANDIDATE_TURN_NANOS, 0);
  }

  /** Nanoseconds of the best run of each contender. */
  long[] run(List<Prepared> contenders) {
    long[] best = new long[contenders.size()];
    Arrays.fill(best, Long.MAX_VALUE);
    long deadline = System.nanoTime() + budget.toNanos() * contenders.size();
    for (int round = 0;
        !stop.getAsBoolean() && (round < 2 || System.nanoTime() < deadline);
        round++) {
      between.run();
      for (int i = 0; i < best.length && !stop.getAsBoolean(); i++) {
        best[i] = Math.min(best[i], turn(contenders.get(i)));
      }
    }
    return best;
  }

  /** Best run of one turn, after a run that brings the contender's data back into the caches. */
  private long turn(Prepared contender) {
    LockSupport.parkNanos(settleNanos);
    contender.run();
    long best = Long.MAX_VALUE;
    long begin = System.nanoTime();
    long start = begin;
    for (int run = 0; run < TURN_RUNS || start - begin < turnNanos; run++) {
      contender.run();
      long end = System.nanoTime();
      best = Math.min(best, end - start);
      start = end;
    }
    return best;
  }
}
