import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/** An exact rational number in lowest terms, its denominator positive. */
record Fraction(BigInteger numerator, BigInteger denominator) {

  static final Fraction ZERO = of(0);
  static final Fraction ONE = of(1);

  /** Digits of a quotient before it is rounded to a double, far beyond the 17 that matter. */
  private static final MathContext DIGITS = new MathContext(60);

  Fraction {
    if (denominator.signum() == 0) {
      throw new ArithmeticException("denominator 0");
    }
    BigInteger divisor = numerator.gcd(denominator);
    divisor = denominator.signum() < 0 ? divisor.negate() : divisor;
    numerator = numerator.divide(divisor);
    denominator = denominator.divide(divisor);
  }

  static Fraction of(long value) {
    return of(value, 1);
  }

  static Fraction of(long numerator, long denominator) {
    return new Fraction(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
  }

  Fraction plus(Fraction other) {
    return new Fraction(
        numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
        denominator.multiply(other.denominator));
  }

  Fraction minus(Fraction other) {
    return plus(other.negate());
  }

  Fraction times(Fraction other) {
    return new Fraction(
        numerator.multiply(other.numerator), denominator.multiply(other.denominator));
  }

  Fraction over(Fraction other) {
    return new Fraction(
        numerator.multiply(other.denominator), denominator.multiply(other.numerator));
  }

  Fraction negate() {
    return new Fraction(numerator.negate(), denominator);
  }

  Fraction power(int exponent) {
    return new Fraction(numerator.pow(exponent), denominator.pow(exponent));
  }

  boolean isZero() {
    return numerator.signum() == 0;
  }

  /** The nearest double. */
  double toDouble() {
    return new BigDecimal(numerator).divide(new BigDecimal(denominator), DIGITS).doubleValue();
  }
}
