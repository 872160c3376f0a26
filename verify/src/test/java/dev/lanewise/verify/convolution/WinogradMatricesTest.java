package dev.lanewise.verify.convolution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernels.winograd.AxisTransform;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The matrices of F(m, r) that the kernels use, against their definition by interpolation in exact
 * rational arithmetic.
 */
class WinogradMatricesTest {

  private static final BigFraction HALF = new BigFraction(1, 2);
  private static final BigFraction TWO = BigFraction.TWO;
  private static final BigFraction ONE = BigFraction.ONE;
  private static final BigFraction ZERO = BigFraction.ZERO;

  private static final List<BigFraction> FOUR = List.of(ZERO, ONE, ONE.negate());
  private static final List<BigFraction> SIX = List.of(ZERO, ONE, ONE.negate(), HALF, TWO.negate());
  private static final List<BigFraction> EIGHT =
      List.of(ZERO, ONE, ONE.negate(), HALF, HALF.negate(), TWO, TWO.negate());

  static Stream<AxisTransform> transforms() {
    return Stream.of(
        new AxisTransform(2, 3),
        new AxisTransform(4, 3),
        new AxisTransform(2, 5),
        new AxisTransform(6, 3),
        new AxisTransform(4, 5),
        new AxisTransform(5, 4),
        new AxisTransform(2, 7));
  }

  private static List<BigFraction> points(AxisTransform transform) {
    return switch (transform.products()) {
      case 4 -> FOUR;
      case 6 -> SIX;
      default -> EIGHT;
    };
  }

  @ParameterizedTest
  @MethodSource("transforms")
  void filterIsEvaluatedAtThePointsOverTheNumeratorsOfLagrange(AxisTransform transform) {
    List<BigFraction> points = points(transform);
    for (int p = 0; p < transform.products(); p++) {
      for (int j = 0; j < transform.taps(); j++) {
        assertEquals(nearest(filter(points, p, j, transform.taps())), transform.filter()[p][j]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("transforms")
  void dataMatricesAreExact(AxisTransform transform) {
    List<BigFraction> points = points(transform);
    for (int p = 0; p < transform.products(); p++) {
      for (int e = 0; e < transform.products(); e++) {
        assertEquals(input(points, p, e).doubleValue(), transform.input()[p][e]);
      }
      for (int i = 0; i < transform.outputs(); i++) {
        BigFraction power = p < points.size() ? points.get(p).pow(i) : last(i, transform.outputs());
        assertEquals(power.doubleValue(), transform.output()[i][p]);
      }
    }
  }

  /** The three together are a correlation: tap j of output i meets element i + j and no other. */
  @ParameterizedTest
  @MethodSource("transforms")
  void productsOfTheMatricesAreTheCorrelation(AxisTransform transform) {
    List<BigFraction> points = points(transform);
    for (int i = 0; i < transform.outputs(); i++) {
      for (int j = 0; j < transform.taps(); j++) {
        for (int e = 0; e < transform.products(); e++) {
          BigFraction sum = ZERO;
          for (int p = 0; p < transform.products(); p++) {
            sum =
                sum.add(
                    new BigFraction(transform.output()[i][p])
                        .multiply(filter(points, p, j, transform.taps()))
                        .multiply(new BigFraction(transform.input()[p][e])));
          }
          assertEquals(e == i + j ? ONE : ZERO, sum);
        }
      }
    }
  }

  private static BigFraction filter(List<BigFraction> points, int p, int power, int taps) {
    if (p == points.size()) {
      return last(power, taps);
    }
    BigFraction numerator = ONE;
    for (BigFraction other : points) {
      if (!other.equals(points.get(p))) {
        numerator = numerator.multiply(points.get(p).subtract(other));
      }
    }
    return points.get(p).pow(power).divide(numerator);
  }

  /**
   * Coefficient e of the product of x - q over all points but p, by sums over their subsets: (-1)^s
   * times the products of s roots, s the degrees that are missing.
   */
  private static BigFraction input(List<BigFraction> points, int p, int e) {
    List<BigFraction> roots =
        points.stream().filter(q -> p == points.size() || !q.equals(points.get(p))).toList();
    BigFraction sum = ZERO;
    for (int subset = 0; subset < 1 << roots.size(); subset++) {
      if (Integer.bitCount(subset) == roots.size() - e) {
        BigFraction product = ONE;
        for (int q = 0; q < roots.size(); q++) {
          product = ((subset >> q) & 1) == 1 ? product.multiply(roots.get(q).negate()) : product;
        }
        sum = sum.add(product);
      }
    }
    return sum;
  }

  private static BigFraction last(int place, int size) {
    return place == size - 1 ? ONE : ZERO;
  }

  private static double nearest(BigFraction value) {
    return new BigDecimal(value.getNumerator())
        .divide(new BigDecimal(value.getDenominator()), 60, RoundingMode.HALF_EVEN)
        .doubleValue();
  }
}
