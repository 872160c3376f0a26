package dev.lanewise.kernels.strassen;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The loops of {@link QuarterSums} on vectors; loaded only where {@link Lanes#vectorised()}. */
final class VectorQuarterSums {

  private static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.LANES * Float.SIZE));
  private static final int LANES = SPECIES.length();
  private static final int BLOCK = Layout.BLOCK;

  private VectorQuarterSums() {}

  static void input(
      float[] in, int a11, int a12, int a21, int a22, float[] sums, int to, int apart, int pixels) {
    for (int i = 0; i < pixels * BLOCK; i += LANES) {
      FloatVector x11 = FloatVector.fromArray(SPECIES, in, a11 + i);
      FloatVector x12 = FloatVector.fromArray(SPECIES, in, a12 + i);
      FloatVector x21 = FloatVector.fromArray(SPECIES, in, a21 + i);
      FloatVector s1 = x21.add(FloatVector.fromArray(SPECIES, in, a22 + i));
      FloatVector s2 = s1.sub(x11);
      s1.intoArray(sums, to + i);
      s2.intoArray(sums, to + apart + i);
      x11.sub(x21).intoArray(sums, to + 2 * apart + i);
      x12.sub(s2).intoArray(sums, to + 3 * apart + i);
    }
  }

  static void output(
      float[] memory, int product, int second, int third, float[] out, int to, int pixels) {
    for (int i = 0; i < pixels * BLOCK; i += LANES) {
      FloatVector added = FloatVector.fromArray(SPECIES, memory, product + i);
      FloatVector sum = FloatVector.fromArray(SPECIES, memory, second + i).add(added);
      FloatVector last = FloatVector.fromArray(SPECIES, memory, third + i).add(added);
      sum.intoArray(memory, second + i);
      last.intoArray(out, to + i);
    }
  }
}
