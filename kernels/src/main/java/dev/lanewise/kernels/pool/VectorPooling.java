package dev.lanewise.kernels.pool;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.pool.PoolPlan.Kind;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Pooling of segments on lanes: a vector holds neighbouring channels of one pixel. */
final class VectorPooling {

  private static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() > Layout.BLOCK
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  private VectorPooling() {}

  static void reduce(
      Kind kind, Segment segment, float[] in, int inPlane, float[] out, int outPlane) {
    int to = outPlane + segment.out();
    int from = inPlane + segment.in();
    for (int lane = 0; lane < Layout.BLOCK; lane += LANES) {
      switch (kind) {
        case MAX -> max(segment, in, from + lane, out, to + lane);
        case MIN -> min(segment, in, from + lane, out, to + lane);
        case AVERAGE -> average(segment, in, from + lane, out, to + lane);
      }
    }
  }

  private static void max(Segment segment, float[] in, int from, float[] out, int to) {
    int[] taps = segment.taps();
    for (int w = 0; w < segment.windows(); w++) {
      int first = from + w * segment.step();
      FloatVector result = FloatVector.fromArray(SPECIES, in, first + taps[0]);
      for (int t = 1; t < taps.length; t++) {
        result = result.max(FloatVector.fromArray(SPECIES, in, first + taps[t]));
      }
      result.intoArray(out, to + w * Layout.BLOCK);
    }
  }

  private static void min(Segment segment, float[] in, int from, float[] out, int to) {
    int[] taps = segment.taps();
    for (int w = 0; w < segment.windows(); w++) {
      int first = from + w * segment.step();
      FloatVector result = FloatVector.fromArray(SPECIES, in, first + taps[0]);
      for (int t = 1; t < taps.length; t++) {
        result = result.min(FloatVector.fromArray(SPECIES, in, first + taps[t]));
      }
      result.intoArray(out, to + w * Layout.BLOCK);
    }
  }

  private static void average(Segment segment, float[] in, int from, float[] out, int to) {
    int[] taps = segment.taps();
    for (int w = 0; w < segment.windows(); w++) {
      int first = from + w * segment.step();
      FloatVector result = FloatVector.fromArray(SPECIES, in, first + taps[0]);
      for (int t = 1; t < taps.length; t++) {
        result = result.add(FloatVector.fromArray(SPECIES, in, first + taps[t]));
      }
      result.div(segment.divisor()).intoArray(out, to + w * Layout.BLOCK);
    }
  }

  /** Gives each tap of an average its share of the gradient. */
  static void spread(Segment segment, float[] dy, int outPlane, float[] dx, int inPlane) {
    int[] taps = segment.taps();
    for (int w = 0; w < segment.windows(); w++) {
      int from = outPlane + segment.out() + w * Layout.BLOCK;
      int to = inPlane + segment.in() + w * segment.step();
      for (int lane = 0; lane < Layout.BLOCK; lane += LANES) {
        FloatVector share = FloatVector.fromArray(SPECIES, dy, from + lane).div(segment.divisor());
        for (int tap : taps) {
          FloatVector.fromArray(SPECIES, dx, to + lane + tap)
              .add(share)
              .intoArray(dx, to + lane + tap);
        }
      }
    }
  }

  /** Gives the gradient of a maximum or minimum to the first tap that equals it. */
  static void select(
      Segment segment, float[] in, float[] out, float[] dy, int outPlane, float[] dx, int inPlane) {
    int[] taps = segment.taps();
    for (int w = 0; w < segment.windows(); w++) {
      int at = outPlane + segment.out() + w * Layout.BLOCK;
      int to = inPlane + segment.in() + w * segment.step();
      for (int lane = 0; lane < Layout.BLOCK; lane += LANES) {
        FloatVector result = FloatVector.fromArray(SPECIES, out, at + lane);
        FloatVector gradient = FloatVector.fromArray(SPECIES, dy, at + lane);
        VectorMask<Float> open = SPECIES.maskAll(true);
        for (int tap : taps) {
          FloatVector value = FloatVector.fromArray(SPECIES, in, to + lane + tap);
          VectorMask<Float> hit = value.eq(result).or(value.test(VectorOperators.IS_NAN)).and(open);
          FloatVector.fromArray(SPECIES, dx, to + lane + tap)
              .add(gradient, hit)
              .intoArray(dx, to + lane + tap);
          open = open.andNot(hit);
        }
      }
    }
  }
}
