package dev.lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** Three planes as pixels on 16 lanes; loaded only where there are as many. */
final class VectorTriples {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;
  private static final VectorSpecies<Integer> INDICES = IntVector.SPECIES_512;
  private static final int LANES = 16;

  /** For each of three results, which lanes of the first two planes it takes. */
  private static final int[] FIRST_TWO = new int[3 * LANES];

  /** For each of three results, which lanes of that and of the third plane it takes. */
  private static final int[] THIRD = new int[3 * LANES];

  static {
    for (int i = 0; i < 3 * LANES; i++) {
      int lane = i % LANES;
      int pixel = i / 3;
      FIRST_TWO[i] = i % 3 == 1 ? LANES + pixel : pixel;
      THIRD[i] = i % 3 == 2 ? LANES + pixel : lane;
    }
  }

  private VectorTriples() {}

  /** As many pixels as fill vectors; returns how many these are. */
  static int run(float[] src, int from, int plane, float[] dst, int to, int pixels) {
    IntVector a = IntVector.fromArray(INDICES, FIRST_TWO, 0);
    IntVector b = IntVector.fromArray(INDICES, FIRST_TWO, LANES);
    IntVector c = IntVector.fromArray(INDICES, FIRST_TWO, 2 * LANES);
    IntVector d = IntVector.fromArray(INDICES, THIRD, 0);
    IntVector e = IntVector.fromArray(INDICES, THIRD, LANES);
    IntVector f = IntVector.fromArray(INDICES, THIRD, 2 * LANES);
    int whole = pixels / LANES * LANES;
    for (int i = 0; i < whole; i += LANES) {
      int s = from + i;
      IntVector x = FloatVector.fromArray(SPECIES, src, s).reinterpretAsInts();
      IntVector y = FloatVector.fromArray(SPECIES, src, s + plane).reinterpretAsInts();
      IntVector z = FloatVector.fromArray(SPECIES, src, s + 2 * plane).reinterpretAsInts();
      int t = to + 3 * i;
      d.selectFrom(a.selectFrom(x, y), z).reinterpretAsFloats().intoArray(dst, t);
      e.selectFrom(b.selectFrom(x, y), z).reinterpretAsFloats().intoArray(dst, t + LANES);
      f.selectFrom(c.selectFrom(x, y), z).reinterpretAsFloats().intoArray(dst, t + 2 * LANES);
    }
    return whole;
  }
}
