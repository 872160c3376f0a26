/** The formulas of activations and their derivatives. */
final class ActivationFormulas {

  private static final double HIGH = -ElementaryFunctions.VANISHING;

  /** {@code gelu(x) = x sigmoid(x (A + B x^2))} in the form with tanh; each in two parts. */
  private static final double A = 2 * Math.sqrt(2 / Math.PI);

  private static final double A_REST = A - (float) A;
  private static final double B = 0.044715 * A;
  private static final double B_REST = B - (float) B;

  /** Below its negative, both forms of GELU round to zero; the exponent is then about -120. */
  private static final double GELU_END = 15.5;

  private static final double GELU_TANH_END = 11.5;

  private ActivationFormulas() {}

  static Formula.Real clamp(Formula.Real x, Formula.Real low, Formula.Real high) {
    return x.atLeast(low).noMoreThan(high);
  }

  static Formula.Real clampBackward(
      Formula f, Formula.Real y, Formula.Real dy, Formula.Real low, Formula.Real high) {
    return y.above(low).and(y.below(high)).choose(dy, f.constant(0));
  }

  static Formula.Real elu(
      Formula f, Formula.Real x, Formula.Real factor, Formula.Real divisor, Formula.Real gain) {
    Formula.Real negative = factor.times(ElementaryFunctions.expm1(f, x.over(divisor)));
    return x.below(0).choose(negative, x.times(gain));
  }

  static Formula.Real eluBackward(
      Formula.Real y,
      Formula.Real dy,
      Formula.Real factor,
      Formula.Real divisor,
      Formula.Real gain) {
    return dy.times(y.above(0).choose(gain, y.plus(factor).over(divisor)));
  }

  /** {@code s + x s (1 - s)} with the logistic function s. */
  static Formula.Real siluBackward(Formula f, Formula.Real value, Formula.Real dy) {
    Formula.Real x = value.atLeast(-HIGH).noMoreThan(HIGH);
    return dy.times(slopeOfProduct(f, x, x, f.constant(1)));
  }

  /** The derivative of {@code x sigmoid(w)}, given w and its derivative. */
  private static Formula.Real slopeOfProduct(
      Formula f, Formula.Real x, Formula.Real w, Formula.Real slope) {
    Formula.Real e = ElementaryFunctions.decay(f, w.abs(), 1);
    Formula.Real inverse = f.constant(1).over(e.plus(1));
    Formula.Real other = e.times(inverse);
    Formula.Real sigmoid = w.below(0).choose(other, inverse);
    return x.times(slope).fma(other.times(inverse), sigmoid);
  }

  static Formula.Real hardSwish(Formula f, Formula.Real value) {
    Formula.Real x = value.atLeast(-3);
    return x.above(3).choose(x, x.times(x.plus(3)).times(1 / 6.0));
  }

  static Formula.Real hardSwishBackward(Formula f, Formula.Real x, Formula.Real dy) {
    Formula.Real slope = x.above(3).choose(1, x.fma(1 / 3.0, 0.5));
    return dy.times(x.below(-3).choose(0, slope));
  }

  static Formula.Real hardSigmoid(
      Formula f, Formula.Real x, Formula.Real alpha, Formula.Real beta) {
    return x.fma(alpha, beta).atLeast(0).noMoreThan(1);
  }

  static Formula.Real hardSigmoidBackward(
      Formula f, Formula.Real y, Formula.Real dy, Formula.Real alpha) {
    return y.above(0).and(y.below(1)).choose(dy.times(alpha), f.constant(0));
  }

  /** {@code x} times the normal distribution: x (1 - tail) or, without cancellation, x tail. */
  static Formula.Real gelu(Formula f, Formula.Real value) {
    Formula.Real x = value.atLeast(-GELU_END);
    Formula.Real a = x.abs().noMoreThan(GELU_END);
    Formula.Real square = a.times(a);
    Formula.Real low = a.fma(a, square.negated()).times(-0.5);
    var e = ElementaryFunctions.exponential(f, square.times(-0.5), low);
    Formula.Real tail = ElementaryFunctions.tail(f, a);
    Formula.Real positive = x.times(f.constant(1).minus(e.value().times(tail)));
    return x.below(0).choose(e.times(x.times(tail)), positive);
  }

  static Formula.Real geluBackward(Formula f, Formula.Real value, Formula.Real dy) {
    Formula.Real x = value.atLeast(-GELU_END).noMoreThan(GELU_END);
    Formula.Real a = x.abs();
    Formula.Real e = ElementaryFunctions.exponential(f, a.times(a).times(-0.5)).value();
    Formula.Real tail = ElementaryFunctions.tail(f, a);
    Formula.Real density = x.times(1 / Math.sqrt(2 * Math.PI));
    Formula.Real negative = e.times(tail.plus(density));
    Formula.Real positive = e.fma(density.minus(tail), f.constant(1));
    return dy.times(x.below(0).choose(negative, positive));
  }

  /** The exponent w is kept in two parts, as its error is the relative error of the result. */
  static Formula.Real geluTanh(Formula f, Formula.Real value) {
    Formula.Real x = value.atLeast(-GELU_TANH_END);
    Formula.Real a = x.abs().noMoreThan(GELU_TANH_END);
    Formula.Real square = a.times(a);
    Formula.Real squareRest = a.fma(a, square.negated());
    Formula.Real product = square.times(B);
    Formula.Real productRest = square.fma(B, product.negated());
    Formula.Real sum = product.plus(A);
    Formula.Real part = sum.minus(product);
    Formula.Real sumRest =
        product.minus(sum.minus(part)).plus(f.constant(A).minus(part)).plus(productRest);
    Formula.Real small = squareRest.fma(B, square.fma(B_REST, A_REST));
    Formula.Real w = a.times(sum);
    Formula.Real wRest = a.fma(sum, w.negated());
    wRest = a.fma(sumRest.plus(small), wRest);
    var e = ElementaryFunctions.exponential(f, w.negated(), wRest.negated());
    return x.below(0).choose(e.times(x), x).over(e.value().plus(1));
  }

  static Formula.Real geluTanhBackward(Formula f, Formula.Real value, Formula.Real dy) {
    Formula.Real x = value.atLeast(-GELU_TANH_END).noMoreThan(GELU_TANH_END);
    Formula.Real square = x.times(x);
    Formula.Real w = x.times(square.fma(B, A));
    return dy.times(slopeOfProduct(f, x, w, square.fma(3 * B, A)));
  }

  static Formula.Real softplus(Formula f, Formula.Real x) {
    Formula.Real e = ElementaryFunctions.decay(f, x.abs(), 1);
    return x.above(0).choose(x, 0).plus(ElementaryFunctions.log1p(f, e));
  }

  static Formula.Real softsign(Formula f, Formula.Real x) {
    Formula.Real a = x.abs().noMoreThan(0x1p60);
    return a.over(a.plus(1)).withSignOf(x);
  }

  static Formula.Real softsignBackward(Formula f, Formula.Real x, Formula.Real dy) {
    Formula.Real a = x.abs().plus(1);
    return dy.over(a.times(a));
  }

  /**
   * {@code x tanh(log(1 + exp(x)))}, whose second factor is {@code (1 + 2u) / (1 + 2u + 2u^2)} for
   * {@code u = exp(-x)}, or {@code u (u + 2) / (u (u + 2) + 2)} for {@code u = exp(x)}.
   */
  static Formula.Real mish(Formula f, Formula.Real value) {
    Formula.Real x = value.atLeast(ElementaryFunctions.VANISHING);
    var e = ElementaryFunctions.exponential(f, x.abs().noMoreThan(HIGH).negated());
    Formula.Real u = e.value();
    MishParts parts = MishParts.of(f, x, u);
    Formula.Real negative = e.times(x).times(u.plus(2));
    return x.below(0).choose(negative, x.times(parts.positive)).over(parts.denominator);
  }

  private record MishParts(Formula.Real positive, Formula.Real negative, Formula.Real denominator) {
    static MishParts of(Formula f, Formula.Real x, Formula.Real u) {
      Formula.Real positive = u.fma(2, 1);
      Formula.Real negative = u.times(u.plus(2));
      Formula.Real denominator = x.below(0).choose(negative.plus(2), u.times(u).fma(2, positive));
      return new MishParts(positive, negative, denominator);
    }
  }

  /** {@code t + x (1 - t^2) s} with tanh's value t and the logistic function s. */
  static Formula.Real mishBackward(Formula f, Formula.Real value, Formula.Real dy) {
    Formula.Real x = value.atLeast(-HIGH).noMoreThan(HIGH);
    Formula.Real u = ElementaryFunctions.decay(f, x.abs(), 1);
    MishParts parts = MishParts.of(f, x, u);
    Formula.Test below = x.below(0);
    Formula.Real inverse = f.constant(1).over(parts.denominator);
    Formula.Real t = below.choose(parts.negative, parts.positive).times(inverse);
    Formula.Real rest = below.choose(f.constant(1), u.times(u)).times(inverse).times(2);
    Formula.Real sigmoid = below.choose(u, f.constant(1)).over(u.plus(1));
    return dy.times(x.times(rest.times(t.plus(1))).fma(sigmoid, t));
  }

  /**
   * A gradient of zero stays zero, so that it does in padding lanes, where the slope is infinite.
   */
  static Formula.Real zeroKept(Formula.Real dy, Formula.Real dx) {
    return dy.is(0).choose(0, dx);
  }

  static Formula.Real absBackward(Formula f, Formula.Real x, Formula.Real dy) {
    return x.above(0).choose(dy, x.below(0).choose(dy.negated(), f.constant(0)));
  }

  static Formula.Real erfBackward(Formula f, Formula.Real x, Formula.Real dy) {
    Formula.Real a = x.noMoreThan(10).atLeast(-10);
    Formula.Real e = ElementaryFunctions.exponential(f, a.times(a).negated()).value();
    return dy.times(e.times(2 / Math.sqrt(Math.PI)));
  }
}
