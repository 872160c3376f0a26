package dev.lanewise.nn.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SingleRandomTest {

  @Test
  void itsNumbersAreThoseOfRandom() {
    for (long seed : new long[] {0, 1, -1, 2026, Long.MIN_VALUE}) {
      Random expected = new Random(seed);
      Random actual = new SingleRandom(seed);
      for (int i = 0; i < 1_000; i++) {
        assertEquals(expected.nextGaussian(), actual.nextGaussian());
        assertEquals(expected.nextDouble(), actual.nextDouble());
        assertEquals(expected.nextInt(1 + i), actual.nextInt(1 + i));
        assertEquals(expected.nextLong(), actual.nextLong());
      }
      expected.nextGaussian();
      actual.nextGaussian();
      expected.setSeed(seed + 1);
      actual.setSeed(seed + 1);
      assertEquals(expected.nextGaussian(), actual.nextGaussian());
    }
  }
}
