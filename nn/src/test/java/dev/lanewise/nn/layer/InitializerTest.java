package dev.lanewise.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.layer.Initializer.Mode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InitializerTest {

  private static final Fan FAN = new Fan(200, 100);

  private static float[] weights(Initializer initializer, int rows) {
    float[] values = new float[rows * FAN.in()];
    initializer.weight(values, FAN, new Random(11));
    return values;
  }

  private static void assertDeviation(double expected, float... values) {
    double sum = 0;
    double squares = 0;
    for (double value : values) {
      sum += value;
      squares += value * value;
    }
    double deviation = Math.sqrt(squares / values.length);
    assertEquals(expected, deviation, 0.02 * expected);
    assertEquals(0, sum / values.length, 4 * expected / Math.sqrt(values.length));
  }

  private static float greatest(float... values) {
    float greatest = 0;
    for (float value : values) {
      greatest = Math.max(greatest, Math.abs(value));
    }
    return greatest;
  }

  @Test
  void variancesFollowTheFans() {
    assertDeviation(Math.sqrt(2.0 / 300), weights(new Initializer.Xavier(false), 100));
    assertDeviation(Math.sqrt(2.0 / 300), weights(new Initializer.Xavier(true), 100));
    assertDeviation(Math.sqrt(2.0 / 200), weights(Initializer.He.normal(Mode.FAN_IN), 100));
    assertDeviation(Math.sqrt(2.0 / 100), weights(Initializer.He.normal(Mode.FAN_OUT), 100));
    assertDeviation(Math.sqrt(1.0 / 200), weights(new Initializer.He(false, Mode.FAN_IN, 1), 100));
    assertDeviation(1 / Math.sqrt(3 * 200), weights(new Initializer.FanInUniform(), 100));
  }

  @Test
  void uniformValuesHaveABound() {
    float bound = (float) Math.sqrt(6.0 / 300);
    float greatest = greatest(weights(new Initializer.Xavier(false), 100));
    assertTrue(greatest <= bound && greatest > 0.99 * bound, () -> "greatest " + greatest);
  }

  @Test
  void truncatedValuesStayWithinTwoDeviations() {
    float[] values = weights(new Initializer.TruncatedNormal(0.5f), 100);
    float greatest = greatest(values);
    assertTrue(greatest <= 1 && greatest > 0.99, () -> "greatest " + greatest);
    // The deviation of a normal truncated at +-2: sqrt(1 - 4 phi(2) / (2 Phi(2) - 1)).
    assertDeviation(0.5 * 0.879_625_7, values);
  }

  @Test
  void orthogonalRowsOrColumnsHaveLengthOfTheGain() {
    assertOrthogonal(weights(new Initializer.Orthogonal(2), 50), 50, 200, 1);
    assertOrthogonal(weights(new Initializer.Orthogonal(2), 300), 200, 1, 200);
  }

  /** Vectors whose elements lie {@code along} apart, and the next vector {@code across}. */
  private static void assertOrthogonal(float[] values, int vectors, int across, int along) {
    int length = values.length / vectors;
    for (int a = 0; a < vectors; a += 7) {
      for (int b = 0; b < vectors; b += 7) {
        double dot = 0;
        for (int i = 0; i < length; i++) {
          dot += (double) values[a * across + i * along] * values[b * across + i * along];
        }
        assertEquals(a == b ? 4 : 0, dot, 1e-5);
      }
    }
  }

  @Test
  void aSeedGivesTheBitsThatJavaSpecifies() {
    Random random = new Random(11);
    float first = (float) (random.nextGaussian() * Math.sqrt(2.0 / 200));
    assertEquals(first, weights(Initializer.He.normal(Mode.FAN_IN), 1)[0]);
    assertArrayEquals(
        weights(new Initializer.Orthogonal(1), 9), weights(new Initializer.Orthogonal(1), 9));
  }

  @Test
  void biasesAreZeroExceptPyTorchsDefault() {
    float[] bias = {1, 2};
    Initializer.He.normal(Mode.FAN_IN).bias(bias, FAN, new Random(1));
    assertArrayEquals(new float[2], bias);
    new Initializer.FanInUniform().bias(bias, FAN, new Random(1));
    assertTrue(greatest(bias) > 0);
  }
}
