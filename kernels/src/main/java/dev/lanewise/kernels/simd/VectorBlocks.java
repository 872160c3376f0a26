package dev.lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
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
}
