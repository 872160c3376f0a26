package dev.lanewise.kernels.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.SteadyState;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WorkersTest {

  @Test
  void everyWorkerRunsOnceAndSharesCoverAllUnits() {
    for (int threads : new int[] {1, 2, 5}) {
      try (Workers workers = Workers.of(threads)) {
        for (int units : new int[] {0, 1, 4, 1001}) {
          AtomicIntegerArray done = new AtomicIntegerArray(units);
          workers.run(
              (worker, count, scratch) -> {
                int end = Workers.start(units, worker + 1, count);
                for (int i = Workers.start(units, worker, count); i < end; i++) {
                  done.incrementAndGet(i);
                }
              });
          for (int i = 0; i < units; i++) {
            assertEquals(1, done.get(i));
          }
        }
      }
    }
  }

  @Test
  void parkedWorkersWakeUp() throws InterruptedException {
    try (Workers workers = Workers.of(3)) {
      for (int i = 0; i < 5; i++) {
        Thread.sleep(5);
        AtomicIntegerArray ran = new AtomicIntegerArray(3);
        workers.run((worker, count, scratch) -> ran.incrementAndGet(worker));
        assertEquals("[1, 1, 1]", ran.toString());
      }
    }
  }

  @Test
  void failureOfAnyWorkerReachesTheCallerAndThePoolGoesOn() {
    try (Workers workers = Workers.of(2)) {
      for (int failing = 0; failing < 2; failing++) {
        int bad = failing;
        IllegalStateException thrown = new IllegalStateException("worker " + bad);
        assertSame(
            thrown,
            assertThrows(
                IllegalStateException.class,
                () ->
                    workers.run(
                        (worker, count, scratch) -> {
                          if (worker == bad) {
                            throw thrown;
                          }
                        })));
      }
      workers.run((worker, count, scratch) -> {});
    }
  }

  @Test
  void scratchIsKeptAndEachWorkersOwn() {
    try (Workers workers = Workers.of(2)) {
      float[][] first = new float[2][];
      float[][] second = new float[2][];
      workers.run((worker, count, scratch) -> first[worker] = scratch.floats(100));
      workers.run((worker, count, scratch) -> second[worker] = scratch.floats(50));
      assertSame(first[0], second[0]);
      assertSame(first[1], second[1]);
      assertNotSame(first[0], first[1]);
    }
  }

  @Tag(SteadyState.TAG)
  @Test
  void runAllocatesNothing() {
    try (Workers workers = Workers.of(1)) {
      float[] sum = new float[1];
      Task task = (worker, count, scratch) -> sum[0] += scratch.floats(10).length;
      SteadyState.assertAllocatesNothing(() -> workers.run(task));
    }
  }

  /** Where it is not refused, a pool waits for itself for ever: that must not hold up the build. */
  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void misuseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Workers.of(0));
    assertThrows(IllegalStateException.class, () -> Workers.shared().close());
    Workers closed = Workers.of(2);
    closed.close();
    closed.close();
    assertThrows(IllegalStateException.class, () -> closed.run((w, n, s) -> {}));
    try (Workers workers = Workers.of(2)) {
      assertThrows(
          IllegalStateException.class,
          () -> workers.run((w, n, s) -> workers.run((w2, n2, s2) -> {})));
      assertThrows(
          IllegalStateException.class, () -> workers.run((w, n, s) -> workers.alone(common -> {})));
    }
  }

  @Test
  void sizeOfTheSharedPoolIsTheProcessorsOrAsConfigured() {
    assertEquals(Runtime.getRuntime().availableProcessors(), Workers.sharedSize(null));
    assertEquals(3, Workers.sharedSize("3"));
    for (String wrong : new String[] {"", "0", "-1", "two", "99999999999"}) {
      assertThrows(IllegalArgumentException.class, () -> Workers.sharedSize(wrong), wrong);
    }
    assertThrows(IllegalArgumentException.class, () -> Workers.of(Integer.MAX_VALUE));
  }

  @Test
  void closedThreadsEnd() throws InterruptedException {
    Thread[] worker = new Thread[1];
    try (Workers workers = Workers.of(2)) {
      workers.run(
          (w, n, s) -> {
            if (w == 1) {
              worker[0] = Thread.currentThread();
            }
          });
    }
    worker[0].join(10_000);
    assertTrue(!worker[0].isAlive(), () -> Arrays.toString(worker[0].getStackTrace()));
  }
}
