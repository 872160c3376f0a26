package dev.lanewise.nn.report;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MachineTest {

  @Test
  void everyFactIsOneLineOfText() {
    Stream.of(Machine.jvm(), Machine.system(), Machine.processor(), Machine.lanes())
        .forEach(
            fact -> {
              assertFalse(fact.isBlank());
              assertFalse(fact.contains("\n"), fact);
            });
    assertTrue(Machine.jvm().contains(Runtime.version().toString()), Machine.jvm());
  }
}
