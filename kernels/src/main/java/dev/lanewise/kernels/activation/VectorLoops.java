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
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Activations on whole vectors; each loop returns the index where the last whole vector ended.
 *
 * <p>{@link ScalarLoops} has the same operations in the same order. Loaded only where {@link
 * Lanes#vectorised()} holds.
 */
final class VectorLoops {

  private static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.LANES * Float.SIZE));
  private static final int LANES = SPECIES.length();

  private VectorLoops() {}

  static int clamp(float[] values, int from, int to, float low, float high) {
    int i = from;
    for (; i <= to - LANES; i += LANES) {
      FloatVector x = FloatVector.fromArray(SPECIES, values, i);
      x = x.blend(low, x.lt(low));
      x.blend(high, x.compare(VectorOperators.GT, high)).intoArray(values, i);
    }
    return i;
  }

  static int leaky(float[] values, int from, int to, float slope) {
    int i = from;
    for (; i <= to - LANES; i += LANES) {
      FloatVector x = FloatVector.fromArray(SPECIES, values, i);
      x.blend(x.mul(slope), x.lt(0)).intoArray(values, i);
    }
    return i;
  }

  static int sigmoidal(Sigmoidal curve, float[] values, int from, int to) {
    float scale = -curve.scale();
    float aPositive = curve.aPositive();
    float bPositive = curve.bPositive();
    float aNegative = curve.aNegative();
    float bNegative = curve.bNegative();
    float small = curve.small();
    int signMask = curve.signMask();
    int i = from;
    for (; i <= to - LANES; i += LANES) {
      FloatVector x = FloatVector.fromArray(SPECIES, values, i);
      FloatVector magnitude = x.abs();
      FloatVector z = magnitude.mul(scale);
      z = z.blend(LOWEST, z.lt(LOWEST));
      FloatVector rounded = z.fma(LOG2_E, ROUNDER);
      FloatVector n = rounded.sub(ROUNDER);
      FloatVector r = n.fma(FloatVector.broadcast(SPECIES, -LN2), z);
      r = n.fma(FloatVector.broadcast(SPECIES, -LN2_REST), r);
      FloatVector q = FloatVector.broadcast(SPECIES, Q4).fma(r, FloatVector.broadcast(SPECIES, Q3));
      q = q.fma(r, FloatVector.broadcast(SPECIES, Q2));
      q = q.fma(r, FloatVector.broadcast(SPECIES, Q1));
      q = q.fma(r, FloatVector.broadcast(SPECIES, Q0));
      FloatVector power = r.mul(r).fma(q, r).add(1);
      IntVector exponent = rounded.reinterpretAsInts().sub(ROUNDER_BITS);
      IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
      FloatVector e =
          power
              .mul(half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
              .mul(
                  exponent
                      .sub(half)
                      .add(127)
                      .lanewise(VectorOperators.LSHL, 23)
                      .reinterpretAsFloats());
      VectorMask<Float> negative = x.lt(0);
      FloatVector a = FloatVector.broadcast(SPECIES, aPositive).blend(aNegative, negative);
      FloatVector b = FloatVector.broadcast(SPECIES, bPositive).blend(bNegative, negative);
      FloatVector numerator = e.fma(a, b);
      FloatVector denominator = e.add(1);
      FloatVector lost = e.sub(denominator.sub(1));
      FloatVector inverse = FloatVector.broadcast(SPECIES, 1).div(denominator);
      FloatVector y = numerator.mul(inverse);
      FloatVector opposite = y.neg();
      FloatVector remainder = opposite.fma(lost, opposite.fma(denominator, numerator));
      y = remainder.fma(inverse, y);
      FloatVector square = x.mul(x);
      FloatVector t =
          FloatVector.broadcast(SPECIES, T4).fma(square, FloatVector.broadcast(SPECIES, T3));
      t = t.fma(square, FloatVector.broadcast(SPECIES, T2));
      t = t.fma(square, FloatVector.broadcast(SPECIES, T1));
      t = t.fma(square, FloatVector.broadcast(SPECIES, T0));
      y = y.blend(magnitude.mul(square).fma(t, magnitude), magnitude.lt(small));
      y.reinterpretAsInts()
          .or(x.reinterpretAsInts().and(signMask))
          .reinterpretAsFloats()
          .intoArray(values, i);
    }
    return i;
  }

  static int clampBackward(
      float[] y, float[] dy, float[] dx, int from, int to, float low, float high) {
    int i = from;
    for (; i <= to - LANES; i += LANES) {
      FloatVector value = FloatVector.fromArray(SPECIES, y, i);
      VectorMask<Float> inside =
          value.compare(VectorOperators.GT, low).and(value.compare(VectorOperators.LT, high));
      FloatVector.zero(SPECIES)
          .blend(FloatVector.fromArray(SPECIES, dy, i), inside)
          .intoArray(dx, i);
    }
    return i;
  }

  static int leakyBackward(float[] y, float[] dy, float[] dx, int from, int to, float slope) {
    int i = from;
    for (; i <= to - LANES; i += LANES) {
      FloatVector gradient = FloatVector.fromArray(SPECIES, dy, i);
      VectorMask<Float> positive =
          FloatVector.fromArray(SPECIES, y, i).compare(VectorOperators.GT, 0);
      gradient.mul(slope).blend(gradient, positive).intoArray(dx, i);
    }
    return i;
  }

  static int sigmoidalBackward(
      Sigmoidal curve, float[] y, float[] dy, float[] dx, int from, int to) {
    float linear = curve.linear();
    float constant = curve.constant();
    int i = from;
    for (; i <= to - LANES; i += LANES) {
      FloatVector value = FloatVector.fromArray(SPECIES, y, i);
      FloatVector slope =
          value.fma(
              FloatVector.broadcast(SPECIES, linear).sub(value),
              FloatVector.broadcast(SPECIES, constant));
      FloatVector.fromArray(SPECIES, dy, i).mul(slope).intoArray(dx, i);
    }
    return i;
  }
}
