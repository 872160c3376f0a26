package dev.lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The loops of {@link Blocks} on vectors; loaded only where {@link Lanes#vectorised()} holds. */
final class VectorBlocks {

  private static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.LANES * Float.SIZE));
  private static final int LANES = SPECIES.length();

  private VectorBlocks() {}

  static void copy(
      float[] src, int from, int fromStride, float[] dst, int to, int toStride, int count) {
    for (int c = 0; c < BatchReduce.BLOCK; c += LANES) {
      int s = from + c;
      int d = to + c;
      for (int i = 0; i < count; i++) {
        FloatVector.fromArray(SPECIES, src, s).intoArray(dst, d);
        s += fromStride;
        d += toStride;
      }
    }
  }

  static void add(
      float[] src, int from, int fromStride, float[] dst, int to, int toStride, int count) {
    for (int c = 0; c < BatchReduce.BLOCK; c += LANES) {
      int s = from + c;
      int d = to + c;
      for (int i = 0; i < count; i++) {
        FloatVector.fromArray(SPECIES, dst, d)
            .add(FloatVector.fromArray(SPECIES, src, s))
            .intoArray(dst, d);
        s += fromStride;
        d += toStride;
      }
    }
  }

  static void addClamp(float[] src, int at, float[] dst, int to, int count, float low, float high) {
    for (int c = 0; c < BatchReduce.BLOCK; c += LANES) {
      FloatVector added = FloatVector.fromArray(SPECIES, src, at + c);
      int d = to + c;
      for (int i = 0; i < count; i++) {
        FloatVector sum = FloatVector.fromArray(SPECIES, dst, d).add(added);
        FloatVector raised = sum.blend(low, sum.compare(VectorOperators.LT, low));
        raised.blend(high, raised.compare(VectorOperators.GT, high)).intoArray(dst, d);
        d += BatchReduce.BLOCK;
      }
    }
  }

  static void multiplyAdd(
      float[] src,
      int from,
      int fromStride,
      float[] factors,
      int at,
      float[] dst,
      int to,
      int toStride,
      int count) {
    for (int c = 0; c < BatchReduce.BLOCK; c += LANES) {
      FloatVector factor = FloatVector.fromArray(SPECIES, factors, at + c);
      int s = from + c;
      int d = to + c;
      for (int i = 0; i < count; i++) {
        FloatVector.fromArray(SPECIES, src, s)
            .fma(factor, FloatVector.fromArray(SPECIES, dst, d))
            .intoArray(dst, d);
        s += fromStride;
        d += toStride;
      }
    }
  }

  static void sum(float[] src, int from, int count, float[] dst, int to, boolean add) {
    for (int c = 0; c < BatchReduce.BLOCK; c += LANES) {
      FloatVector s0 = FloatVector.zero(SPECIES);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      int i = 0;
      for (; i <= count - 4; i += 4) {
        int at = from + c + i * BatchReduce.BLOCK;
        s0 = s0.add(FloatVector.fromArray(SPECIES, src, at));
        s1 = s1.add(FloatVector.fromArray(SPECIES, src, at + BatchReduce.BLOCK));
        s2 = s2.add(FloatVector.fromArray(SPECIES, src, at + 2 * BatchReduce.BLOCK));
        s3 = s3.add(FloatVector.fromArray(SPECIES, src, at + 3 * BatchReduce.BLOCK));
      }
      for (; i < count; i++) {
        s0 = s0.add(FloatVector.fromArray(SPECIES, src, from + c + i * BatchReduce.BLOCK));
      }
      FloatVector total = s0.add(s1).add(s2.add(s3));
      if (add) {
        total = FloatVector.fromArray(SPECIES, dst, to + c).add(total);
      }
      total.intoArray(dst, to + c);
    }
  }
}
