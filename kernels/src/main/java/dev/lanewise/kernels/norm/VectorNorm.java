package dev.lanewise.kernels.norm;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The passes of a normalisation over a piece of a plane: a vector holds neighbouring channels of
 * one pixel. Sums run in four chains, of every fourth pixel, since one alone would wait for itself.
 * Loaded only where {@link Lanes#vectorised()} holds.
 */
final class VectorNorm {

  private static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.LANES * Float.SIZE));
  private static final int LANES = SPECIES.length();
  private static final int BLOCK = Layout.BLOCK;

  private VectorNorm() {}

  /**
   * Mean and summed squared deviations from it, a channel a lane, in two passes over a piece that
   * is small enough for the first-level cache. What rounding left in the first mean is corrected
   * (Chan, Golub and LeVeque 1983).
   */
  static void moments(float[] x, int from, int pixels, float[] moments, int at) {
    int fours = from + pixels / 4 * 4 * BLOCK;
    int end = from + pixels * BLOCK;
    for (int c = 0; c < BLOCK; c += LANES) {
      FloatVector sum0 = FloatVector.zero(SPECIES);
      FloatVector sum1 = sum0;
      FloatVector sum2 = sum0;
      FloatVector sum3 = sum0;
      int i = from + c;
      for (; i < fours; i += 4 * BLOCK) {
        sum0 = sum0.add(FloatVector.fromArray(SPECIES, x, i));
        sum1 = sum1.add(FloatVector.fromArray(SPECIES, x, i + BLOCK));
        sum2 = sum2.add(FloatVector.fromArray(SPECIES, x, i + 2 * BLOCK));
        sum3 = sum3.add(FloatVector.fromArray(SPECIES, x, i + 3 * BLOCK));
      }
      for (; i < end; i += BLOCK) {
        sum0 = sum0.add(FloatVector.fromArray(SPECIES, x, i));
      }
      FloatVector mean = sum0.add(sum1).add(sum2.add(sum3)).div(pixels);
      FloatVector rest0 = FloatVector.zero(SPECIES);
      FloatVector rest1 = rest0;
      FloatVector rest2 = rest0;
      FloatVector rest3 = rest0;
      FloatVector squares0 = rest0;
      FloatVector squares1 = rest0;
      FloatVector squares2 = rest0;
      FloatVector squares3 = rest0;
      i = from + c;
      for (; i < fours; i += 4 * BLOCK) {
        FloatVector deviation0 = FloatVector.fromArray(SPECIES, x, i).sub(mean);
        FloatVector deviation1 = FloatVector.fromArray(SPECIES, x, i + BLOCK).sub(mean);
        FloatVector deviation2 = FloatVector.fromArray(SPECIES, x, i + 2 * BLOCK).sub(mean);
        FloatVector deviation3 = FloatVector.fromArray(SPECIES, x, i + 3 * BLOCK).sub(mean);
        rest0 = rest0.add(deviation0);
        rest1 = rest1.add(deviation1);
        rest2 = rest2.add(deviation2);
        rest3 = rest3.add(deviation3);
        squares0 = deviation0.fma(deviation0, squares0);
        squares1 = deviation1.fma(deviation1, squares1);
        squares2 = deviation2.fma(deviation2, squares2);
        squares3 = deviation3.fma(deviation3, squares3);
      }
      for (; i < end; i += BLOCK) {
        FloatVector deviation = FloatVector.fromArray(SPECIES, x, i).sub(mean);
        rest0 = rest0.add(deviation);
        squares0 = deviation.fma(deviation, squares0);
      }
      FloatVector rest = rest0.add(rest1).add(rest2.add(rest3));
      FloatVector squares = squares0.add(squares1).add(squares2.add(squares3));
      FloatVector correction = rest.div(pixels);
      mean.add(correction).intoArray(moments, at + c);
      rest.neg().fma(correction, squares).intoArray(moments, at + BLOCK + c);
    }
  }

  /** {@code y = (x - centre) * scale + shift}. */
  static void apply(
      float[] x,
      int from,
      int pixels,
      float[] centre,
      float[] scale,
      float[] shift,
      int at,
      float[] y) {
    int end = from + pixels * BLOCK;
    for (int c = 0; c < BLOCK; c += LANES) {
      FloatVector middle = FloatVector.fromArray(SPECIES, centre, at + c);
      FloatVector factor = FloatVector.fromArray(SPECIES, scale, at + c);
      FloatVector summand = FloatVector.fromArray(SPECIES, shift, at + c);
      for (int i = from + c; i < end; i += BLOCK) {
        FloatVector.fromArray(SPECIES, x, i).sub(middle).fma(factor, summand).intoArray(y, i);
      }
    }
  }

  /**
   * Sums of the gradient, and of its products with {@code x - centre}.
   *
   * <p>The plain sum is compensated (Kahan 1965), four pixels at a time: what it loses, every value
   * of dx is off by, and a bias below that norm gets as its gradient their sum, which should be 0.
   */
  static void sums(
      float[] x, float[] dy, int from, int pixels, float[] centre, int at, float[] sums, int to) {
    int fours = from + pixels / 4 * 4 * BLOCK;
    int end = from + pixels * BLOCK;
    for (int c = 0; c < BLOCK; c += LANES) {
      FloatVector middle = FloatVector.fromArray(SPECIES, centre, at + c);
      FloatVector plain = FloatVector.zero(SPECIES);
      FloatVector excess = plain;
      FloatVector weighted0 = plain;
      FloatVector weighted1 = plain;
      FloatVector weighted2 = plain;
      FloatVector weighted3 = plain;
      int i = from + c;
      for (; i < fours; i += 4 * BLOCK) {
        FloatVector gradient0 = FloatVector.fromArray(SPECIES, dy, i);
        FloatVector gradient1 = FloatVector.fromArray(SPECIES, dy, i + BLOCK);
        FloatVector gradient2 = FloatVector.fromArray(SPECIES, dy, i + 2 * BLOCK);
        FloatVector gradient3 = FloatVector.fromArray(SPECIES, dy, i + 3 * BLOCK);
        FloatVector four = gradient0.add(gradient1).add(gradient2.add(gradient3)).sub(excess);
        FloatVector sum = plain.add(four);
        excess = sum.sub(plain).sub(four);
        plain = sum;
        FloatVector x0 = FloatVector.fromArray(SPECIES, x, i);
        FloatVector x1 = FloatVector.fromArray(SPECIES, x, i + BLOCK);
        FloatVector x2 = FloatVector.fromArray(SPECIES, x, i + 2 * BLOCK);
        FloatVector x3 = FloatVector.fromArray(SPECIES, x, i + 3 * BLOCK);
        weighted0 = gradient0.fma(x0.sub(middle), weighted0);
        weighted1 = gradient1.fma(x1.sub(middle), weighted1);
        weighted2 = gradient2.fma(x2.sub(middle), weighted2);
        weighted3 = gradient3.fma(x3.sub(middle), weighted3);
      }
      for (; i < end; i += BLOCK) {
        FloatVector gradient = FloatVector.fromArray(SPECIES, dy, i);
        FloatVector one = gradient.sub(excess);
        FloatVector sum = plain.add(one);
        excess = sum.sub(plain).sub(one);
        plain = sum;
        weighted0 = gradient.fma(FloatVector.fromArray(SPECIES, x, i).sub(middle), weighted0);
      }
      plain.sub(excess).intoArray(sums, to + c);
      weighted0.add(weighted1).add(weighted2.add(weighted3)).intoArray(sums, to + BLOCK + c);
    }
  }

  /** {@code dx = dy * scale + (x - centre) * slope + shift}. */
  static void gradient(
      float[] x,
      float[] dy,
      int from,
      int pixels,
      float[] centre,
      float[] scale,
      float[] slope,
      float[] shift,
      int at,
      float[] dx) {
    int end = from + pixels * BLOCK;
    for (int c = 0; c < BLOCK; c += LANES) {
      FloatVector middle = FloatVector.fromArray(SPECIES, centre, at + c);
      FloatVector factor = FloatVector.fromArray(SPECIES, scale, at + c);
      FloatVector steepness = FloatVector.fromArray(SPECIES, slope, at + c);
      FloatVector summand = FloatVector.fromArray(SPECIES, shift, at + c);
      for (int i = from + c; i < end; i += BLOCK) {
        FloatVector rest = FloatVector.fromArray(SPECIES, x, i).sub(middle).fma(steepness, summand);
        FloatVector.fromArray(SPECIES, dy, i).fma(factor, rest).intoArray(dx, i);
      }
    }
  }
}
