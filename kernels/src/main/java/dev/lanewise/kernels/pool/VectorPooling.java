package dev.lanewise.kernels.pool;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Pooling of segments on lanes: a vector holds neighbouring channels of one pixel. Loaded only
 * where {@link Lanes#vectorised()} holds.
 */
final class VectorPooling {

  private static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.LANES * Float.SIZE));
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, VectorShape.forBitSize(Lanes.LANES * Integer.SIZE));
  private static final int LANES = SPECIES.length();

  private VectorPooling() {}

  static void reduce(
      Reduction reduction, Segment segment, float[] in, int inPlane, float[] out, int outPlane) {
    for (int lane = 0; lane < Layout.BLOCK; lane += LANES) {
      int from = inPlane + segment.in() + lane;
      int to = outPlane + segment.out() + lane;
      switch (reduction.kind()) {
        case MAX -> VectorWindows.max(segment, in, from, out, to);
        case MIN -> VectorWindows.min(segment, in, from, out, to);
        case AVERAGE -> VectorWindows.average(segment, in, from, out, to);
        case MIXED -> throw new AssertionError("reduced as maximum and average");
        case NORM -> {
          switch (reduction.power()) {
            case 1 -> VectorWindows.firstNorm(segment, in, from, out, to);
            case 2 -> VectorWindows.secondNorm(segment, in, from, out, to);
            default -> powers(reduction.power(), segment, in, from, out, to);
          }
        }
      }
    }
  }

  /** Sums of powers of magnitudes. */
  private static void powers(
      int power, Segment segment, float[] in, int from, float[] out, int to) {
    int[] taps = segment.taps();
    for (int w = 0; w < segment.windows(); w++) {
      FloatVector sum = FloatVector.zero(SPECIES);
      for (int tap : taps) {
        FloatVector magnitude =
            FloatVector.fromArray(SPECIES, in, from + w * segment.step() + tap).abs();
        FloatVector product = magnitude;
        for (int k = 1; k < power; k++) {
          product = product.mul(magnitude);
        }
        sum = sum.add(product);
      }
      sum.intoArray(out, to + w * Layout.BLOCK);
    }
  }

  /** Maxima and the pixels at which they lie, of equal ones the first. */
  static void locate(
      Segment segment, float[] in, int inPlane, float[] out, int[] indices, int outPlane) {
    int[] taps = segment.taps();
    for (int lane = 0; lane < Layout.BLOCK; lane += LANES) {
      for (int w = 0; w < segment.windows(); w++) {
        int first = segment.in() + w * segment.step();
        int from = inPlane + first + lane;
        FloatVector result = FloatVector.fromArray(SPECIES, in, from + taps[0]);
        IntVector found = IntVector.broadcast(INTS, (first + taps[0]) / Layout.BLOCK);
        for (int t = 1; t < taps.length; t++) {
          FloatVector value = FloatVector.fromArray(SPECIES, in, from + taps[t]);
          VectorMask<Float> better =
              value
                  .compare(VectorOperators.LE, result)
                  .not()
                  .and(result.compare(VectorOperators.EQ, result));
          result = result.blend(value, better);
          found = found.blend((first + taps[t]) / Layout.BLOCK, better.cast(INTS));
        }
        int to = outPlane + segment.out() + w * Layout.BLOCK + lane;
        result.intoArray(out, to);
        found.intoArray(indices, to);
      }
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

  /** Gives each tap of a p-norm y the gradient's share {@code sign(x) |x|^(p-1) / y^(p-1)}. */
  static void weigh(
      int power,
      Segment segment,
      float[] in,
      float[] out,
      float[] dy,
      int outPlane,
      float[] dx,
      int inPlane) {
    int[] taps = segment.taps();
    for (int w = 0; w < segment.windows(); w++) {
      int at = outPlane + segment.out() + w * Layout.BLOCK;
      int to = inPlane + segment.in() + w * segment.step();
      for (int lane = 0; lane < Layout.BLOCK; lane += LANES) {
        FloatVector norm = FloatVector.fromArray(SPECIES, out, at + lane);
        FloatVector scale = FloatVector.broadcast(SPECIES, 1);
        for (int k = 1; k < power; k++) {
          scale = scale.mul(norm);
        }
        FloatVector share =
            FloatVector.fromArray(SPECIES, dy, at + lane)
                .div(scale)
                .blend(0, norm.compare(VectorOperators.EQ, 0));
        for (int tap : taps) {
          FloatVector value = FloatVector.fromArray(SPECIES, in, to + lane + tap);
          FloatVector weight = value;
          if (power == 1) {
            weight =
                value
                    .blend(1, value.compare(VectorOperators.GT, 0))
                    .blend(-1, value.compare(VectorOperators.LT, 0));
          }
          FloatVector magnitude = value.abs();
          for (int k = 2; k < power; k++) {
            weight = weight.mul(magnitude);
          }
          share
              .fma(weight, FloatVector.fromArray(SPECIES, dx, to + lane + tap))
              .intoArray(dx, to + lane + tap);
        }
      }
    }
  }

  /** Gives the gradient of a maximum or minimum to the first tap that equals it. */
  static void select(
      Segment segment,
      float[] in,
      int inPlane,
      float[] out,
      int outPlane,
      float[] dy,
      int dyPlane,
      float[] dx) {
    int[] taps = segment.taps();
    for (int w = 0; w < segment.windows(); w++) {
      int at = segment.out() + w * Layout.BLOCK;
      int to = inPlane + segment.in() + w * segment.step();
      for (int lane = 0; lane < Layout.BLOCK; lane += LANES) {
        FloatVector result = FloatVector.fromArray(SPECIES, out, outPlane + at + lane);
        FloatVector gradient = FloatVector.fromArray(SPECIES, dy, dyPlane + at + lane);
        VectorMask<Float> open = SPECIES.maskAll(true);
        for (int tap : taps) {
          FloatVector value = FloatVector.fromArray(SPECIES, in, to + lane + tap);
          VectorMask<Float> hit =
              value.eq(result).or(value.compare(VectorOperators.NE, value)).and(open);
          FloatVector.fromArray(SPECIES, dx, to + lane + tap)
              .add(gradient, hit)
              .intoArray(dx, to + lane + tap);
          open = open.andNot(hit);
        }
      }
    }
  }
}
