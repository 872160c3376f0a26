import java.util.function.UnaryOperator;

/**
 * Formulas of exp, log and their relatives, from which those of {@link ActivationFormulas} are
 * composed.
 *
 * <p>Polynomials are weighted minimax fits whose coefficients were rounded one after the other, the
 * rest fitted again. Errors are stated in the tests of {@code Activations}.
 */
final class ElementaryFunctions {

  /** Below it, exp rounds to zero. */
  private static final double LOWEST = -104;

  /** Above it, exp overflows. */
  private static final double HIGHEST = 89;

  /** Below it, even {@code x exp(x)} rounds to zero. */
  static final double VANISHING = -120;

  /** Below it, exp(-x) is near enough to overflow to be scaled; e^44 is not. */
  private static final double LARGE_DECAY = -44;

  private static final double LOG2_E = 1.442695f;

  /** Adding it rounds a float to an integer, which then stands in the low bits. */
  private static final float ROUNDER = 0x1.8p23f;

  private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

  private static final int ONE_BITS = Float.floatToRawIntBits(1);

  /** ln 2 in two parts; the first has so few bits that its product with an exponent is exact. */
  private static final double LN2 = 355f / 512;

  private static final double LN2_REST = -2.1219444e-4f;

  /** {@code exp(r) = 1 + r + r^2 q(r)} on |r| <= ln(2) / 2; relative error 8e-9. */
  private static final double[] EXP = {0.5f, 0.16666573f, 0.04166655f, 0.008363767f, 0.0013926919f};

  /** {@code exp(-r)}, the same polynomial written out. */
  private static final double[] EXP_NEGATED = {1, -1, EXP[0], -EXP[1], EXP[2], -EXP[3], EXP[4]};

  /**
   * {@code log(1 + f) = f - f^2 / 2 + f^3 p(f)} for 1 + f from sqrt(1/2) to sqrt(2); relative error
   * 6e-9.
   */
  private static final double[] LOG = {
    0.3333333f,
    -0.2500082f,
    0.20001243f,
    -0.1662341f,
    0.1420154f,
    -0.1315955f,
    0.12762485f,
    -0.076369405f
  };

  private static final int SQRT_HALF_BITS = 0x3F3504F3;
  private static final int MANTISSA = 0x7FFFFF;

  /**
   * The standard normal distribution's upper tail is {@code exp(-a^2 / 2) t p(t)} with {@code t = 1
   * / (1 + a / 4)}, for a from 0 to 14.5; relative error 1e-8.
   */
  private static final double[] TAIL = {
    0.09974633f,
    0.09952142f,
    0.09528816f,
    0.07301146f,
    0.083855f,
    0.017727874f,
    0.02261892f,
    0.055873595f,
    -0.06453472f,
    0.01689196f
  };

  /** {@code erf(x) = x + x p(x^2)} on |x| <= 0.9; relative error 9e-10. */
  private static final double[] ERF = {
    0.12837917f, -0.3761263f, 0.11283624f, -0.02685556f, 0.005191753f, -0.0008039753f, 7.9431e-05f
  };

  /** {@code tanh(x) = x + x^3 p(x^2)} on |x| <= 0.55; relative error 4e-9. */
  private static final double[] TANH = {
    -0.3333333f, 0.13333113f, -0.05390943f, 0.021309389f, -0.0066102277f
  };

  private ElementaryFunctions() {}

  /** {@code power * first * second}; the last two are powers of two whose product may underflow. */
  record Exponential(Formula.Real power, Formula.Real first, Formula.Real second) {

    Formula.Real value() {
      return power.times(first).times(second);
    }

    /** The product with x, exact to the last bit even where the exponential alone underflows. */
    Formula.Real times(Formula.Real x) {
      return power.times(first).times(x).times(second);
    }
  }

  /** The integer nearest to z / ln 2, as a float and in the low bits, and what z exceeds it by. */
  private record Reduced(Formula.Whole exponent, Formula.Real rest) {
    static Reduced of(Formula f, Formula.Real z) {
      Formula.Real rounded = z.fma(LOG2_E, f.constant(ROUNDER));
      Formula.Real n = rounded.minus(ROUNDER);
      Formula.Real rest = n.fma(-LN2, z);
      rest = n.fma(-LN2_REST, rest);
      return new Reduced(rounded.bits().minus(ROUNDER_BITS), rest);
    }
  }

  /** {@code exp(r) - 1} for |r| <= ln(2) / 2. */
  private static Formula.Real smallExpm1(Formula.Real r) {
    return r.times(r).fma(r.polynomial(EXP), r);
  }

  private static Formula.Real powerOfTwo(Formula.Whole exponent) {
    return exponent.plus(127).shiftedLeft(23).asFloat();
  }

  /** exp(z) for z from -170 to 89. */
  static Exponential exponential(Formula f, Formula.Real z) {
    return exponential(f, z, UnaryOperator.identity());
  }

  /** exp(z + low), where {@code low} is what rounding z lost. */
  static Exponential exponential(Formula f, Formula.Real z, Formula.Real low) {
    return exponential(f, z, low::plus);
  }

  private static Exponential exponential(
      Formula f, Formula.Real z, UnaryOperator<Formula.Real> correction) {
    Reduced reduced = Reduced.of(f, z);
    Formula.Real power = smallExpm1(correction.apply(reduced.rest)).plus(1);
    Formula.Whole half = reduced.exponent.shiftedRight(1);
    return new Exponential(power, powerOfTwo(half), powerOfTwo(reduced.exponent.minus(half)));
  }

  static Formula.Real exp(Formula f, Formula.Real x) {
    return exponential(f, x.atLeast(LOWEST).noMoreThan(HIGHEST)).value();
  }

  /**
   * {@code x / (1 + exp(-x))}, with as few multiplications as it takes: networks apply it to every
   * second value, and other operations run beside them.
   *
   * <p>Where exp(-x) is large both sides of the fraction are scaled by the same power of two, so
   * that nothing overflows and what underflows is rounded once, by the division. Beyond 87 the
   * exponential adds nothing to 1.
   */
  static Formula.Real silu(Formula f, Formula.Real value) {
    Formula.Real x = value.atLeast(VANISHING);
    Formula.Whole scale = x.below(LARGE_DECAY).choose(0x1p-64, f.constant(1)).bits();
    // As integers floats above zero have the same order, and those below it are less.
    Formula.Real z = x.bits().noMoreThan(Float.floatToRawIntBits(87)).asFloat();
    Formula.Real rounded = z.fma(-LOG2_E, f.constant(ROUNDER));
    Formula.Real n = rounded.minus(ROUNDER);
    Formula.Real rest = n.fma(LN2_REST, n.fma(LN2, z));
    Formula.Real power = rest.polynomial(EXP_NEGATED);
    // The low bits of ROUNDER are zeros: the shift leaves n alone, as an exponent.
    Formula.Real last = rounded.bits().shiftedLeft(23).plus(scale).asFloat();
    Formula.Real scaled = x.bits().plus(scale).minus(ONE_BITS).asFloat();
    return scaled.over(power.fma(last, scale.asFloat()));
  }

  /** {@code exp(-scale * |x|)}, at most 1. */
  static Formula.Real decay(Formula f, Formula.Real magnitude, double scale) {
    return exponential(f, magnitude.times(-scale).atLeast(LOWEST)).value();
  }

  /** {@code exp(x) - 1} for x below 0. */
  static Formula.Real expm1(Formula f, Formula.Real x) {
    Reduced reduced = Reduced.of(f, x.atLeast(-20));
    Formula.Real scale = powerOfTwo(reduced.exponent);
    return scale.fma(smallExpm1(reduced.rest), scale.minus(1));
  }

  /** log(x) of normal, positive, finite x; {@code shift} is added to the binary exponent. */
  private static Formula.Real normalLog(Formula f, Formula.Real x, Formula.Real shift) {
    Formula.Whole bits = x.bits().minus(SQRT_HALF_BITS);
    Formula.Real n = bits.shiftedRight(23).plus(ROUNDER_BITS).asFloat().minus(ROUNDER).plus(shift);
    Formula.Real rest = bits.and(MANTISSA).plus(SQRT_HALF_BITS).asFloat().minus(1);
    Formula.Real square = rest.times(rest);
    Formula.Real y = rest.times(square).times(rest.polynomial(LOG));
    y = n.fma(LN2_REST, y);
    y = square.fma(-0.5, y);
    return n.fma(LN2, rest.plus(y));
  }

  static Formula.Real log(Formula f, Formula.Real x) {
    Formula.Test subnormal = x.below(Float.MIN_NORMAL);
    Formula.Real y =
        normalLog(f, subnormal.choose(x.times(0x1p23), x), subnormal.choose(-23, f.constant(0)));
    y = x.below(Double.POSITIVE_INFINITY).choose(y, x);
    y = x.is(0).choose(Double.NEGATIVE_INFINITY, y);
    return x.below(0).choose(Double.NaN, y);
  }

  /** {@code log(1 + x)} for x from 0 to 1. */
  static Formula.Real log1p(Formula f, Formula.Real x) {
    Formula.Real sum = x.plus(1);
    Formula.Real lost = x.minus(sum.minus(1));
    return normalLog(f, sum, f.constant(0)).plus(lost.over(sum));
  }

  /**
   * {@code numerator / (1 + e)}, where e is at most 1.
   *
   * <p>The remainder of the division, with what 1 + e lost, makes the quotient almost exact.
   */
  private static Formula.Real quotient(Formula f, Formula.Real numerator, Formula.Real e) {
    Formula.Real denominator = e.plus(1);
    Formula.Real lost = e.minus(denominator.minus(1));
    Formula.Real inverse = f.constant(1).over(denominator);
    Formula.Real y = numerator.times(inverse);
    Formula.Real opposite = y.negated();
    Formula.Real remainder = opposite.fma(lost, opposite.fma(denominator, numerator));
    return remainder.fma(inverse, y);
  }

  /** The logistic function. */
  static Formula.Real sigmoid(Formula f, Formula.Real x) {
    Formula.Real e = decay(f, x.abs(), 1);
    return quotient(f, x.below(0).choose(e, f.constant(1)), e);
  }

  static Formula.Real tanh(Formula f, Formula.Real x) {
    Formula.Real magnitude = x.abs();
    Formula.Real e = decay(f, magnitude, 2);
    Formula.Real large = quotient(f, f.constant(1).minus(e), e);
    Formula.Real square = x.times(x);
    Formula.Real small = magnitude.times(square).fma(square.polynomial(TANH), magnitude);
    return magnitude.below(0.55f).choose(small, large).withSignOf(x);
  }

  /**
   * The normal distribution's upper tail r at {@code a >= 0}, divided by {@code exp(-a^2 / 2)}.
   *
   * <p>For small a the tail is three times as steep as t, so that what t lost is made good, by the
   * derivative {@code r' = a r - 1 / sqrt(2 pi)}.
   */
  static Formula.Real tail(Formula f, Formula.Real a) {
    Formula.Real quarter = a.times(0.25);
    Formula.Real sum = quarter.plus(1);
    Formula.Real t = f.constant(1).over(sum);
    Formula.Real excess = t.fma(quarter, t.minus(1)).times(sum.times(4));
    Formula.Real r = t.times(t.polynomial(TAIL));
    return excess.fma(a.fma(r, f.constant(-1 / Math.sqrt(2 * Math.PI))), r);
  }

  static Formula.Real erf(Formula f, Formula.Real x) {
    Formula.Real square = x.times(x);
    Formula.Real small = x.fma(square.polynomial(ERF), x);
    Formula.Real magnitude = x.abs().noMoreThan(5);
    Formula.Real e = exponential(f, magnitude.times(magnitude).negated()).value();
    Formula.Real rest = e.times(tail(f, magnitude.times(Math.sqrt(2)))).times(2);
    Formula.Real large = f.constant(1).minus(rest).withSignOf(x);
    return x.abs().below(0.9f).choose(small, large);
  }
}
