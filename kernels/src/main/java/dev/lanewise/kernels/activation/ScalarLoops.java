package dev.lanewise.kernels.activation;

import static dev.lanewise.kernels.activation.Sigmoidal.LN2;
import static dev.lanewise.kernels.activation.Sigmoidal.LN2_REST;
import static dev.lanewise.kernels.activation.Sigmoidal.LOG2_E;
import static dev.lanewise.kernels.activation.Sigmoidal.LOWEST;
import static dev.lanewise.kernels.activation.Sigmoidal.Q0;
import static dev.lanewise.kernels.activation.Sigmoidal.Q1;
import static dev.lanewise.kernels.activation.Sigmoidal.Q2;
import static dev.lanewise.kernels.activation.Sigmoidal.Q3;
import static dev.lanewise.kernels.activation.Sigmoidal.Q4;
import static dev.lanewise.kernels.activation.Sigmoidal.ROUNDER;
import static dev.lanewise.kernels.activation.Sigmoidal.ROUNDER_BITS;
import static dev.lanewise.kernels.activation.Sigmoidal.T0;
import static dev.lanewise.kernels.activation.Sigmoidal.T1;
import static dev.lanewise.kernels.activation.Sigmoidal.T2;
import static dev.lanewise.kernels.activation.Sigmoidal.T3;
import static dev.lanewise.kernels.activation.Sigmoidal.T4;

import dev.lanewise.kernels.simd.Lanes;

/**
 * The loops of {@link VectorLoops} without the Vector API: for the end of a range that fills no
 * vector, and for JVMs that lack it.
 */
final class ScalarLoops {

  private ScalarLoops() {}

  static void clamp(float[] values, int from, int to, float low, float high) {
    for (int i = from; i < to; i++) {
      float x = values[i];
      x = x < low ? low : x;
      values[i] = x > high ? high : x;
    }
  }

  static void leaky(float[] values, int from, int to, float slope) {
    for (int i = from; i < to; i++) {
      float x = values[i];
      values[i] = x < 0 ? x * slope : x;
    }
  }

  static void sigmoidal(Sigmoidal curve, float[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      values[i] = sigmoidal(curve, values[i]);
    }
  }

  private static float sigmoidal(Sigmoidal curve, float x) {
    float magnitude = Math.abs(x);
    float z = magnitude * -curve.scale();
    z = z < LOWEST ? LOWEST : z;
    float rounded = fma(z, LOG2_E, ROUNDER);
    float n = rounded - ROUNDER;
    float r = fma(n, -LN2_REST, fma(n, -LN2, z));
    float q = fma(fma(fma(fma(Q4, r, Q3), r, Q2), r, Q1), r, Q0);
    float power = fma(r * r, q, r) + 1;
    // 2^n in two factors: n may lie below the least exponent.
    int exponent = Float.floatToRawIntBits(rounded) - ROUNDER_BITS;
    int half = exponent >> 1;
    float e =
        power
            * Float.intBitsToFloat((half + 127) << 23)
            * Float.intBitsToFloat((exponent - half + 127) << 23);
    float a = x < 0 ? curve.aNegative() : curve.aPositive();
    float b = x < 0 ? curve.bNegative() : curve.bPositive();
    // The remainder of the division, with what 1 + e lost, makes the quotient almost exact.
    float numerator = fma(e, a, b);
    float denominator = e + 1;
    float lost = e - (denominator - 1);
    float inverse = 1 / denominator;
    float y = numerator * inverse;
    float remainder = fma(-y, lost, fma(-y, denominator, numerator));
    y = fma(remainder, inverse, y);
    float square = x * x;
    float t = fma(fma(fma(fma(T4, square, T3), square, T2), square, T1), square, T0);
    float odd = fma(magnitude * square, t, magnitude);
    y = magnitude < curve.small() ? odd : y;
    return Float.intBitsToFloat(
        Float.floatToRawIntBits(y) | (Float.floatToRawIntBits(x) & curve.signMask()));
  }

  static void clampBackward(
      float[] y, float[] dy, float[] dx, int from, int to, float low, float high) {
    for (int i = from; i < to; i++) {
      dx[i] = y[i] > low && y[i] < high ? dy[i] : 0;
    }
  }

  static void leakyBackward(float[] y, float[] dy, float[] dx, int from, int to, float slope) {
    for (int i = from; i < to; i++) {
      dx[i] = y[i] > 0 ? dy[i] : dy[i] * slope;
    }
  }

  static void sigmoidalBackward(
      Sigmoidal curve, float[] y, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i++) {
      dx[i] = dy[i] * fma(y[i], curve.linear() - y[i], curve.constant());
    }
  }

  /** Without FMA in the processor {@link Math#fma} would fall to BigDecimal. */
  private static float fma(float a, float b, float c) {
    return Lanes.FMA ? Math.fma(a, b, c) : a * b + c;
  }
}
