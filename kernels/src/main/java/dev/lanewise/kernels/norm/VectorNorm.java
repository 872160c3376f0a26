package dev.lanewise.kernels.norm;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The passes of a normalisation over a piece of a plane: a vector holds neighbouring channels of
 * one pixel. Loaded only where {@link Lanes#vectorised()} holds.
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
    int end = from + pixels * BLOCK;
    for (int c = 0; c < BLOCK; c += LANES) {
      FloatVector sum = FloatVector.zero(SPECIES);
      for (int i = from + c; i < end; i += BLOCK) {
        sum = sum.add(FloatVector.fromArray(SPECIES, x, i));
      }
      FloatVector mean = sum.div(pixels);
      FloatVector rest = FloatVector.zero(SPECIES);
      FloatVector squares = FloatVector.zero(SPECIES);
      for (int i = from + c; i < end; i += BLOCK) {
        FloatVector deviation = FloatVector.fromArray(SPECIES, x, i).sub(mean);
        rest = rest.add(deviation);
        squares = deviation.fma(deviation, squares);
      }
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

  /** Sums of the gradient, and of its products with {@code x - centre}. */
  static void sums(
      float[] x, float[] dy, int from, int pixels, float[] centre, int at, float[] sums, int to) {
    int end = from + pixels * BLOCK;
    for (int c = 0; c < BLOCK; c += LANES) {
      FloatVector middle = FloatVector.fromArray(SPECIES, centre, at + c);
      FloatVector plain = FloatVector.zero(SPECIES);
      FloatVector weighted = FloatVector.zero(SPECIES);
      for (int i = from + c; i < end; i += BLOCK) {
        FloatVector gradient = FloatVector.fromArray(SPECIES, dy, i);
        plain = plain.add(gradient);
        weighted = gradient.fma(FloatVector.fromArray(SPECIES, x, i).sub(middle), weighted);
      }
      plain.intoArray(sums, to + c);
      weighted.intoArray(sums, to + BLOCK + c);
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
