package dev.lanewise.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * Counts what a call allocates once it is compiled.
 *
 * <p>Its tests carry {@link #TAG}: the build runs them in a JVM of their own. Where hundreds of
 * other tests have called the same methods, C2 inlines by a mixture of all their profiles, and what
 * a call then allocates says nothing about a program that uses the library.
 */
public final class SteadyState {

  /** The tag of tests that count allocated bytes. */
  public static final String TAG = "steady-state";

  private static final int CALLS = 200;

  /**
   * How long a call may take to become steady. Before C2 has compiled it, objects that escape
   * analysis removes later are still made, and C2 may have a long queue of other tests' methods.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private SteadyState() {}

  /** Fails unless, after a warm-up, hundreds of calls in a row allocate nothing on this thread. */
  public static void assertAllocatesNothing(Runnable call) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long start = System.nanoTime();
    long least = Long.MAX_VALUE;
    while (least > 0 && System.nanoTime() - start < PATIENCE.toNanos()) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < CALLS; i++) {
        call.run();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least, "bytes allocated by " + CALLS + " calls");
  }
}
