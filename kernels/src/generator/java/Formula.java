import java.util.Locale;

/**
 * Straight-line arithmetic that is written out either as vector code or as scalar code.
 *
 * <p>A formula is Java code that calls the methods of {@link Real}; each call appends one line to
 * the source of a loop's body. Run once for each dialect, the same formula gives two loops that do
 * the same operations in the same order, and so the same bits.
 */
final class Formula {

  private final boolean vector;
  private final StringBuilder lines = new StringBuilder();
  private int count;

  Formula(boolean vector) {
    this.vector = vector;
  }

  /** What was written so far. */
  String text() {
    return lines.toString();
  }

  /** A literal. */
  Real constant(double value) {
    float rounded = (float) value;
    if (Float.isNaN(rounded)) {
      return parameter("Float.NaN");
    }
    if (Float.isInfinite(rounded)) {
      return parameter(rounded > 0 ? "Float.POSITIVE_INFINITY" : "Float.NEGATIVE_INFINITY");
    }
    return parameter(rounded + "f");
  }

  /** A float variable of the method, the same in all lanes. */
  Real parameter(String name) {
    return new Real(name, true);
  }

  /** A variable that the method declares, of the dialect's type. */
  Real variable(String name) {
    return new Real(name, false);
  }

  /** The float at index i of an array. */
  Real load(String array) {
    return load(array, "i");
  }

  /** The float at an index of an array. */
  Real load(String array, String index) {
    return real(
        vector
            ? "FloatVector.fromArray(SPECIES, %s, %s)".formatted(array, index)
            : "%s[%s]".formatted(array, index));
  }

  /** Writes to index i of an array. */
  void store(Real value, String array) {
    store(value, array, "i");
  }

  /** Writes to an index of an array. */
  void store(Real value, String array, String index) {
    lines.append(
        vector
            ? "      %s.intoArray(%s, %s);\n".formatted(value.wide(), array, index)
            : "      %s[%s] = %s;\n".formatted(array, index, value.name));
  }

  private String line(String type, String prefix, String expression) {
    String name = prefix + count++;
    lines.append("      %s %s = %s;\n".formatted(type, name, expression));
    return name;
  }

  private Real real(String expression) {
    return new Real(line(vector ? "FloatVector" : "float", "x", expression), false);
  }

  private Whole whole(String expression) {
    return new Whole(line(vector ? "IntVector" : "int", "n", expression));
  }

  private Test test(String expression) {
    return new Test(line(vector ? "VectorMask<Float>" : "boolean", "t", expression));
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  /** A float of each lane, or one that is the same in all of them. */
  final class Real {
    private final String name;
    private final boolean uniform;

    private Real(String name, boolean uniform) {
      this.name = name;
      this.uniform = uniform;
    }

    private String wide() {
      return uniform && vector ? "FloatVector.broadcast(SPECIES, %s)".formatted(name) : name;
    }

    private Real binary(String method, String operator, Real other) {
      return real(
          vector
              ? format("%s.%s(%s)", wide(), method, other.name)
              : format("%s %s %s", name, operator, other.name));
    }

    Real plus(Real other) {
      return binary("add", "+", other);
    }

    Real plus(double other) {
      return plus(constant(other));
    }

    Real minus(Real other) {
      return binary("sub", "-", other);
    }

    Real minus(double other) {
      return minus(constant(other));
    }

    Real times(Real other) {
      return binary("mul", "*", other);
    }

    Real times(double other) {
      return times(constant(other));
    }

    Real over(Real other) {
      return binary("div", "/", other);
    }

    /** {@code this * factor + addend}, rounded once. */
    Real fma(Real factor, Real addend) {
      return real(
          vector
              ? format("%s.fma(%s, %s)", wide(), factor.wide(), addend.wide())
              : format("fma(%s, %s, %s)", name, factor.name, addend.name));
    }

    Real fma(double factor, Real addend) {
      return fma(constant(factor), addend);
    }

    Real fma(double factor, double addend) {
      return fma(constant(factor), constant(addend));
    }

    /** {@code c[0] + c[1] * this + c[2] * this^2 + ...}. */
    Real polynomial(double... c) {
      Real sum = constant(c[c.length - 1]);
      for (int i = c.length - 2; i >= 0; i--) {
        sum = sum.fma(this, constant(c[i]));
      }
      return sum;
    }

    Real negated() {
      return real(vector ? wide() + ".neg()" : "-" + name);
    }

    Real abs() {
      return real(vector ? wide() + ".abs()" : "Math.abs(%s)".formatted(name));
    }

    Real sqrt() {
      return real(vector ? wide() + ".sqrt()" : "(float) Math.sqrt(%s)".formatted(name));
    }

    private Test compare(String method, String operator, Real other) {
      return test(
          vector
              ? format("%s.compare(VectorOperators.%s, %s)", wide(), method, other.name)
              : format("%s %s %s", name, operator, other.name));
    }

    Test below(double other) {
      return compare("LT", "<", constant(other));
    }

    Test below(Real other) {
      return compare("LT", "<", other);
    }

    Test above(double other) {
      return compare("GT", ">", constant(other));
    }

    Test above(Real other) {
      return compare("GT", ">", other);
    }

    Test atMost(Real other) {
      return compare("LE", "<=", other);
    }

    Test is(double other) {
      return compare("EQ", "==", constant(other));
    }

    /** This, or {@code low} where this is less; a NaN stays. */
    Real atLeast(Real low) {
      return below(low).choose(low, this);
    }

    Real atLeast(double low) {
      return atLeast(constant(low));
    }

    /** This, or {@code high} where this is greater; a NaN stays. */
    Real noMoreThan(Real high) {
      return above(high).choose(high, this);
    }

    Real noMoreThan(double high) {
      return noMoreThan(constant(high));
    }

    /** The bits of the float. */
    Whole bits() {
      return whole(
          vector ? wide() + ".reinterpretAsInts()" : "Float.floatToRawIntBits(%s)".formatted(name));
    }

    /** This, with the sign bit of another where it is set. */
    Real withSignOf(Real other) {
      return bits().or(other.bits().and(Integer.MIN_VALUE)).asFloat();
    }
  }

  /** An int of each lane. */
  final class Whole {
    private final String name;

    private Whole(String name) {
      this.name = name;
    }

    private Whole binary(String method, String operator, String other) {
      return whole(
          vector
              ? "%s.%s(%s)".formatted(name, method, other)
              : name + " " + operator + " " + other);
    }

    Whole plus(int other) {
      return binary("add", "+", "" + other);
    }

    Whole plus(Whole other) {
      return binary("add", "+", other.name);
    }

    Whole minus(int other) {
      return binary("sub", "-", "" + other);
    }

    Whole minus(Whole other) {
      return binary("sub", "-", other.name);
    }

    Whole and(int other) {
      return binary("and", "&", "" + other);
    }

    Whole or(Whole other) {
      return binary("or", "|", other.name);
    }

    Whole shiftedLeft(int count) {
      return whole(
          vector
              ? "%s.lanewise(VectorOperators.LSHL, %d)".formatted(name, count)
              : "%s << %d".formatted(name, count));
    }

    /** Shifted right, the sign kept. */
    Whole shiftedRight(int count) {
      return whole(
          vector
              ? "%s.lanewise(VectorOperators.ASHR, %d)".formatted(name, count)
              : "%s >> %d".formatted(name, count));
    }

    /** This, or {@code high} where this is more. */
    Whole noMoreThan(int high) {
      return whole(
          vector ? "%s.min(%d)".formatted(name, high) : "Math.min(%s, %d)".formatted(name, high));
    }

    /** The float that has these bits. */
    Real asFloat() {
      return real(
          vector ? name + ".reinterpretAsFloats()" : "Float.intBitsToFloat(%s)".formatted(name));
    }
  }

  /** A condition of each lane. */
  final class Test {
    private final String name;

    private Test(String name) {
      this.name = name;
    }

    Real choose(Real where, Real otherwise) {
      return real(
          vector
              ? "%s.blend(%s, %s)".formatted(otherwise.wide(), where.name, name)
              : "%s ? %s : %s".formatted(name, where.name, otherwise.name));
    }

    Real choose(double where, Real otherwise) {
      return choose(constant(where), otherwise);
    }

    Real choose(Real where, double otherwise) {
      return choose(where, constant(otherwise));
    }

    Test and(Test other) {
      return test(vector ? "%s.and(%s)".formatted(name, other.name) : name + " & " + other.name);
    }
  }
}
