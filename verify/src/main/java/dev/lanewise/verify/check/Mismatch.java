package dev.lanewise.verify.check;

import java.util.Optional;

/**
 * The first element that departs from what it should be.
 *
 * @param index its place in the arrays compared
 * @param expected what it should be
 * @param actual what it is
 * @param allowed how far it might depart; 0 where equality is demanded
 */
public record Mismatch(int index, double expected, double actual, double allowed) {

  /** How far an element may depart. */
  @FunctionalInterface
  public interface Allowance {
    /** Largest allowed absolute difference of an element. */
    double at(int index);
  }

  /** Demands equal values; zeros of either sign are equal. */
  public static Optional<Mismatch> exact(double[] expected, float[] actual) {
    return within(expected, actual, i -> 0);
  }

  /** Demands {@code |actual - expected| <= allowance}; a NaN is never within. */
  public static Optional<Mismatch> within(double[] expected, float[] actual, Allowance allowance) {
    if (expected.length != actual.length) {
      return Optional.of(new Mismatch(-1, expected.length, actual.length, 0));
    }
    for (int i = 0; i < actual.length; i++) {
      double allowed = allowance.at(i);
      if (!(Math.abs(actual[i] - expected[i]) <= allowed)) {
        return Optional.of(new Mismatch(i, expected[i], actual[i], allowed));
      }
    }
    return Optional.empty();
  }

  /** Demands the same bits. */
  public static Optional<Mismatch> sameBits(float[] expected, float[] actual) {
    if (expected.length != actual.length) {
      return Optional.of(new Mismatch(-1, expected.length, actual.length, 0));
    }
    for (int i = 0; i < actual.length; i++) {
      if (Float.floatToRawIntBits(expected[i]) != Float.floatToRawIntBits(actual[i])) {
        return Optional.of(new Mismatch(i, expected[i], actual[i], 0));
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    if (index < 0) {
      return "expected %.0f elements, are %.0f".formatted(expected, actual);
    }
    return "element %d: expected %s, is %s, allowed difference %s"
        .formatted(index, expected, (float) actual, allowed);
  }
}
