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

  @Test
  void tablesOfPixelsWaitForTheirOffsets() {
    assertEquals(1, Expectation.ofTable(8, 3));
    assertEquals(16 / (1.3 * 14), Expectation.ofTable(8, 2), 1e-9);
  }

  @Test
  void narrowGroupsWaitForPermutations() {
    assertEquals(42 / (42.0 + 2 * 16 + 8), Expectation.ofGroups(14, 3), 1e-9);
    assertEquals(2 / 14.0, Expectation.ofGroups(2, 1), 1e-9);
  }
}
