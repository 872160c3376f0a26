package dev.lanewise.kernels.norm;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loop of {@link AffineCall}, a vector for neighbouring channels of one pixel. Loaded only
 * where {@link Lanes#vectorised()} holds.
 */
final class VectorAffine {

  private static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.LANES * Float.SIZE));
  private static final int LANES = SPECIES.length();
  private static final int BLOCK = Layout.BLOCK;

  private VectorAffine() {}

  static void run(
      float[] x,
      int from,
      int pixels,
      float[] scale,
      int factors,
      float[] shift,
      int summands,
      float[] y,
      int to) {
    for (int c = 0; c < BLOCK; c += LANES) {
      FloatVector factor = FloatVector.fromArray(SPECIES, scale, factors + c);
      FloatVector summand = FloatVector.fromArray(SPECIES, shift, summands + c);
      for (int i = c; i < pixels * BLOCK; i += BLOCK) {
        FloatVector.fromArray(SPECIES, x, from + i).fma(factor, summand).intoArray(y, to + i);
      }
    }
  }
}
