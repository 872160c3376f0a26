package dev.lanewise.verify.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ExpectationTest {

  @Test
  void aFullTileReachesThePeak() {
    assertEquals(1, Expectation.fraction(14, 2));
    assertEquals(1, Expectation.fraction(6, 2));
  }

  @Test
  void fewAccumulatorsWaitForEachOther() {
    assertEquals(0.1, Expectation.fraction(1, 1), 1e-9);
    assertEquals(0.4, Expectation.fraction(2, 2), 1e-9);
  }

  @Test
  void oneVectorTilesWaitForTheirLoads() {
    assertEquals(14 / (1.3 * 15), Expectation.fraction(14, 1), 1e-9);
  }
}
