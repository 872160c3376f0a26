package dev.lanewise.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class AgreementTest {

  private static final float[] EXPECTED = {0, -8, 4, 1};

  @Test
  void roundingIsNoObjection() {
    assertEquals(
        Optional.empty(), Agreement.objection(EXPECTED, new float[] {1e-6f, -8.0001f, 4, 1}, 1e-4));
  }

  @Test
  void aWrongValueIsMeasuredByTheLargest() {
    String objection =
        Agreement.objection(EXPECTED, new float[] {0, -8, 4, 1.008f}, 1e-4).orElseThrow();
    assertTrue(objection.contains("1.0e-03"), objection);
  }

  @Test
  void notANumberIsAnObjection() {
    assertTrue(Agreement.objection(EXPECTED, new float[] {Float.NaN, -8, 4, 1}, 1e-4).isPresent());
  }

  @Test
  void anotherLengthIsAnObjection() {
    assertEquals(
        Optional.of("3 outputs instead of 4"),
        Agreement.objection(EXPECTED, new float[] {0, -8, 4}, 1e-4));
  }
}
