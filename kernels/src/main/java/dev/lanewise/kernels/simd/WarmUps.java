package dev.lanewise.kernels.simd;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Warm-ups that are carried out together, by several threads and each kernel in turn.
 *
 * <p>A compiler takes longer than the calls after which it is asked. One kernel after the other
 * would have it wait for calls, and calls for it; in turns it soon knows of all kernels, and the
 * callers can leave it the processor. ResNet-50 was ready with a fifth less processor time.
 */
public final class WarmUps {

  private static final ThreadLocal<WarmUps> COLLECTING = new ThreadLocal<>();

  /** A machine too busy to compile any kernel in this time gains nothing from waiting longer. */
  private static final long DEADLINE_NANOS = 2_000_000_000;

  private final Queue<Drive> cold = new ConcurrentLinkedQueue<>();
  private volatile long lastCompiled;

  /** A kernel that is called until it is compiled. */
  private static final class Drive {

    private static final int BATCH = 10;

    /** Time of a turn, unless a batch takes longer. */
    private static final long TURN_NANOS = 200_000;

    private static final long PAUSE_NANOS = 300_000;

    private final Runnable call;
    private final long compiledNanos;
    private final int enoughCalls;
    private int calls;

    Drive(Runnable call, long compiledNanos, int enoughCalls) {
      this.call = call;
      this.compiledNanos = compiledNanos;
      this.enoughCalls = enoughCalls;
    }

    /** Calls it for a while; whether that ended with fast calls. */
    boolean turn() {
      if (calls > enoughCalls) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      long start = System.nanoTime();
      long now = start;
      while (now - start < TURN_NANOS) {
        long before = now;
        for (int i = 0; i < BATCH; i++) {
          call.run();
        }
        calls += BATCH;
        now = System.nanoTime();
        if (now - before < BATCH * compiledNanos) {
          return true;
        }
      }
      return false;
    }
  }

  /** Has the warm-ups that something asks for, on this thread, wait for {@link #run}. */
  public void collect(Runnable asking) {
    COLLECTING.set(this);
    try {
      asking.run();
    } finally {
      COLLECTING.remove();
    }
  }

  /**
   * Calls a kernel until it is compiled, or leaves that to the warm-ups that are being collected.
   *
   * @param compiledNanos more than a call takes once it is compiled, and far less than before
   * @param enoughCalls after which the compiler has been asked, so that callers may pause
   */
  static void add(Runnable call, long compiledNanos, int enoughCalls) {
    WarmUps collecting = COLLECTING.get();
    WarmUps all = collecting == null ? new WarmUps() : collecting;
    all.cold.add(new Drive(call, compiledNanos, enoughCalls));
    if (collecting == null) {
      all.run();
    }
  }

  /** Carries out what was collected, along with other threads that do so. */
  public void run() {
    lastCompiled = System.nanoTime();
    for (Drive drive = cold.poll(); drive != null; drive = cold.poll()) {
      if (drive.turn()) {
        lastCompiled = System.nanoTime();
      } else if (System.nanoTime() - lastCompiled < DEADLINE_NANOS) {
        cold.add(drive);
      }
    }
  }
}
