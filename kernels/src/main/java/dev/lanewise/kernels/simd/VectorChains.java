package dev.lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Twelve independent chains of vector multiply-adds, enough to fill the units' latency. */
final class VectorChains {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /** Floating-point operations of one step. */
  static final double FLOPS = 2.0 * 12 * SPECIES.length();

  private VectorChains() {}

  static float run(int steps) {
    FloatVector x = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector c0 = FloatVector.zero(SPECIES);
    FloatVector c1 = c0;
    FloatVector c2 = c0;
    FloatVector c3 = c0;
    FloatVector c4 = c0;
    FloatVector c5 = c0;
    FloatVector c6 = c0;
    FloatVector c7 = c0;
    FloatVector c8 = c0;
    FloatVector c9 = c0;
    FloatVector c10 = c0;
    FloatVector c11 = c0;
    for (int i = 0; i < steps; i++) {
      c0 = x.fma(x, c0);
      c1 = x.fma(x, c1);
      c2 = x.fma(x, c2);
      c3 = x.fma(x, c3);
      c4 = x.fma(x, c4);
      c5 = x.fma(x, c5);
      c6 = x.fma(x, c6);
      c7 = x.fma(x, c7);
      c8 = x.fma(x, c8);
      c9 = x.fma(x, c9);
      c10 = x.fma(x, c10);
      c11 = x.fma(x, c11);
    }
    return c0.add(c1)
        .add(c2)
        .add(c3)
        .add(c4)
        .add(c5)
        .add(c6)
        .add(c7)
        .add(c8)
        .add(c9)
        .add(c10)
        .add(c11)
        .reduceLanes(VectorOperators.ADD);
  }
}
