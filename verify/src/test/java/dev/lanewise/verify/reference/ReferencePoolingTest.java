package dev.lanewise.verify.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.verify.reference.ReferencePooling.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReferencePoolingTest {

  private static final float[] INPUT = {1, 2, 3, 4, 5};

  private static ReferencePooling line(int kernel, int stride, int padding, boolean ceilMode) {
    Axis axis = new Axis(INPUT.length, kernel, stride, padding, padding, 1);
    return new ReferencePooling(new PoolShape(1, 1, List.of(axis), ceilMode));
  }

  @Test
  void paddingNeverWinsAnExtreme() {
    float[] negative = {-1, -2, -3, -4, -5};
    assertArrayEquals(new double[] {-1, -2, -4}, line(3, 2, 1, false).forward(Kind.MAX, negative));
    assertArrayEquals(new double[] {1, 2, 4}, line(3, 2, 1, false).forward(Kind.MIN, INPUT));
  }

  @Test
  void averageDividesWithOrWithoutPadding() {
    assertArrayEquals(
        new double[] {1, 3, 3}, line(3, 2, 1, false).forward(Kind.AVERAGE_WITH_PADDING, INPUT));
    assertArrayEquals(
        new double[] {1.5, 3, 4.5}, line(3, 2, 1, false).forward(Kind.AVERAGE, INPUT));
  }

  @Test
  void ceilModeAddsAPartialWindowThatIsNotCountedBeyondThePadding() {
    // Windows begin at 0, 2 and 4; the last holds the 5 alone.
    assertArrayEquals(
        new double[] {1.5, 3.5, 5}, line(2, 2, 0, true).forward(Kind.AVERAGE_WITH_PADDING, INPUT));
    // Padded to 0 1 2 3 4 5 0, windows begin at 0, 3 and 6, the last in the padding: left out.
    assertArrayEquals(
        new double[] {0.5, 3.5}, line(2, 3, 1, true).forward(Kind.AVERAGE_WITH_PADDING, INPUT));
  }

  @Test
  void theFirstOfEqualMaximaTakesTheGradient() {
    float[] equal = {7, 7, 7, 7, 7};
    float[] gradOutput = {1, 10};
    assertArrayEquals(
        new double[] {1, 0, 10, 0, 0},
        line(3, 2, 0, false).gradientOfInput(Kind.MAX, equal, gradOutput));
  }

  @Test
  void anAverageSharesItsGradient() {
    float[] gradOutput = {3, 6};
    assertArrayEquals(
        new double[] {1, 1, 3, 2, 2},
        line(3, 2, 0, false).gradientOfInput(Kind.AVERAGE, INPUT, gradOutput));
  }
}
