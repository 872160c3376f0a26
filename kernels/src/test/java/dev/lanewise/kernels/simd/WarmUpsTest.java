package dev.lanewise.kernels.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class WarmUpsTest {

  private static final long ANY_TIME = Long.MAX_VALUE / 100;

  @Test
  void whatIsCollectedWaitsUntilItIsRun() {
    AtomicInteger calls = new AtomicInteger();
    WarmUps warmUps = new WarmUps();
    warmUps.collect(() -> WarmUp.drive(calls::incrementAndGet, ANY_TIME));
    assertEquals(0, calls.get());
    warmUps.run();
    int first = calls.get();
    assertTrue(first > 0);
    warmUps.run();
    assertEquals(first, calls.get(), "what is compiled is not called again");
  }

  @Test
  void whatIsNotCollectedRunsAtOnce() {
    AtomicInteger calls = new AtomicInteger();
    new WarmUps().collect(() -> {});
    WarmUp.drive(calls::incrementAndGet, ANY_TIME);
    assertTrue(calls.get() > 0);
  }

  @Test
  void kernelsAreCalledInTurns() {
    AtomicInteger calls = new AtomicInteger();
    AtomicBoolean together = new AtomicBoolean();
    WarmUps warmUps = new WarmUps();
    warmUps.collect(
        () -> {
          // Slow until the second has been called, for which the first is not waited for.
          WarmUp.drive(
              () -> {
                together.set(calls.get() > 0);
                LockSupport.parkNanos(together.get() ? 0 : 100_000);
              },
              50_000);
          WarmUp.drive(calls::incrementAndGet, ANY_TIME);
        });
    warmUps.run();
    assertTrue(together.get());
  }

  @Test
  void theSameCodeIsWarmedUpOnce() {
    AtomicInteger calls = new AtomicInteger();
    WarmUp.once(List.of("code"), calls::incrementAndGet, ANY_TIME);
    int first = calls.get();
    assertTrue(first > 0);
    WarmUp.once(List.of("code"), calls::incrementAndGet, ANY_TIME);
    assertEquals(first, calls.get());
  }
}
