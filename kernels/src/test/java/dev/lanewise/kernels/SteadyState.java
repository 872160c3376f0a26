package dev.lanewise.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts what a call allocates once it is compiled. */
public final class SteadyState {

  private static final int MOST_ROUNDS = 1000;
  private static final int CALLS = 200;

  private SteadyState() {}

  /** Fails unless, after a warm-up, hundreds of calls in a row allocate nothing on this thread. */
  public static void assertAllocatesNothing(Runnable call) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < MOST_ROUNDS && least > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < CALLS; i++) {
        call.run();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least, "bytes allocated by " + CALLS + " calls");
  }
}
