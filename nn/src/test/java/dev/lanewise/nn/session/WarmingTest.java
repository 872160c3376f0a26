package dev.lanewise.nn.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WarmingTest {

  @Test
  void everyCallWasMadeOnceWhenItIsFinished() {
    AtomicInteger calls = new AtomicInteger();
    Warming.begin(Collections.nCopies(100, calls::incrementAndGet)).finish();
    assertEquals(100, calls.get());
    Warming.begin(List.of()).finish();
  }

  @Test
  void whatACallThrowsIsNotLost() {
    Runnable wrong =
        () -> {
          throw new IllegalStateException("wrong");
        };
    assertThrows(RuntimeException.class, () -> Warming.begin(List.of(wrong)).finish());
  }
}
