package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.simd.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link StridedTransforms} on vectors; loaded only where {@link Lanes#vectorised()}
 * holds.
 */
final class VectorStridedTransforms {

  private static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.LANES * Float.SIZE));
  private static final int LANES = SPECIES.length();
  private static final int BLOCK = Tiling.BLOCK;

  private VectorStridedTransforms() {}

  static void row(float[] src, int row, float[] dst, int[] to, int first, int count) {
    for (int lane = 0; lane < BLOCK; lane += LANES) {
      int s = row + lane;
      int d = first + lane;
      for (int i = 0; i < count; i++) {
        FloatVector r0 = FloatVector.fromArray(SPECIES, src, s);
        FloatVector r1 = FloatVector.fromArray(SPECIES, src, s + BLOCK);
        FloatVector r2 = FloatVector.fromArray(SPECIES, src, s + 2 * BLOCK);
        FloatVector r3 = FloatVector.fromArray(SPECIES, src, s + 3 * BLOCK);
        FloatVector r4 = FloatVector.fromArray(SPECIES, src, s + 4 * BLOCK);
        r0.sub(r2).intoArray(dst, to[0] + d);
        r1.intoArray(dst, to[1] + d);
        r2.intoArray(dst, to[2] + d);
        r4.sub(r2).intoArray(dst, to[3] + d);
        r3.intoArray(dst, to[4] + d);
        s += 4 * BLOCK;
        d += BLOCK;
      }
    }
  }

  static void difference(
      float[] src, int row, int less, float[] dst, int[] to, int first, int count) {
    for (int lane = 0; lane < BLOCK; lane += LANES) {
      int s = row + lane;
      int l = less + lane;
      int d = first + lane;
      for (int i = 0; i < count; i++) {
        FloatVector r0 =
            FloatVector.fromArray(SPECIES, src, s).sub(FloatVector.fromArray(SPECIES, src, l));
        FloatVector r1 =
            FloatVector.fromArray(SPECIES, src, s + BLOCK)
                .sub(FloatVector.fromArray(SPECIES, src, l + BLOCK));
        FloatVector r2 =
            FloatVector.fromArray(SPECIES, src, s + 2 * BLOCK)
                .sub(FloatVector.fromArray(SPECIES, src, l + 2 * BLOCK));
        FloatVector r3 =
            FloatVector.fromArray(SPECIES, src, s + 3 * BLOCK)
                .sub(FloatVector.fromArray(SPECIES, src, l + 3 * BLOCK));
        FloatVector r4 =
            FloatVector.fromArray(SPECIES, src, s + 4 * BLOCK)
                .sub(FloatVector.fromArray(SPECIES, src, l + 4 * BLOCK));
        r0.sub(r2).intoArray(dst, to[0] + d);
        r1.intoArray(dst, to[1] + d);
        r2.intoArray(dst, to[2] + d);
        r4.sub(r2).intoArray(dst, to[3] + d);
        r3.intoArray(dst, to[4] + d);
        s += 4 * BLOCK;
        l += 4 * BLOCK;
        d += BLOCK;
      }
    }
  }

  static void output(
      float[] src,
      int from,
      int plane,
      float[] bias,
      int channel,
      float[] dst,
      int to,
      int row,
      int count) {
    for (int lane = 0; lane < BLOCK; lane += LANES) {
      FloatVector b = FloatVector.fromArray(SPECIES, bias, channel + lane);
      int s = from + lane;
      int d = to + lane;
      for (int i = 0; i < count; i++) {
        FloatVector m3 = FloatVector.fromArray(SPECIES, src, s + 3 * plane);
        FloatVector m4 = FloatVector.fromArray(SPECIES, src, s + 4 * plane);
        FloatVector m5 = FloatVector.fromArray(SPECIES, src, s + 5 * plane);
        FloatVector y0 = FloatVector.fromArray(SPECIES, src, s).add(m3);
        FloatVector y1 = FloatVector.fromArray(SPECIES, src, s + plane).add(m4);
        FloatVector y2 = FloatVector.fromArray(SPECIES, src, s + 2 * plane).add(m5);
        y0.add(y1).add(b).intoArray(dst, d);
        y1.add(y2).add(b).intoArray(dst, d + BLOCK);
        FloatVector z0 = m3.add(FloatVector.fromArray(SPECIES, src, s + 6 * plane));
        FloatVector z1 = m4.add(FloatVector.fromArray(SPECIES, src, s + 7 * plane));
        FloatVector z2 = m5.add(FloatVector.fromArray(SPECIES, src, s + 8 * plane));
        z0.add(z1).add(b).intoArray(dst, d + row);
        z1.add(z2).add(b).intoArray(dst, d + row + BLOCK);
        s += BLOCK;
        d += 2 * BLOCK;
      }
    }
  }
}
