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

  private static final long TURN_NANOS = 30_000_000;
  private static final int TURN_RUNS = 3;

  /** Longer than idle threads of the libraries here keep spinning before they sleep. */
  private static final long SETTLE_NANOS = 3_000_000;

  private final Duration budget;
  private final Runnable between;
  private final BooleanSupplier stop;

  /**
   * @param budget time for each contender; at least two rounds are run
   * @param between called at the start of each round
   * @param stop ends the race after the running turn when it becomes true
   */
  Race(Duration budget, Runnable between, BooleanSupplier stop) {
    this.budget = budget;
    this.between = between;
    this.stop = stop;
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
  private static long turn(Prepared contender) {
    LockSupport.parkNanos(SETTLE_NANOS);
    contender.run();
    long best = Long.MAX_VALUE;
    long begin = System.nanoTime();
    long start = begin;
    for (int run = 0; run < TURN_RUNS || start - begin < TURN_NANOS; run++) {
      contender.run();
      long end = System.nanoTime();
      best = Math.min(best, end - start);
      start = end;
    }
    return best;
  }
}
