package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.simd.Lanes;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The sums of {@link FilterTransform} on vectors of doubles, half as many as there are lanes;
 * loaded only where {@link Lanes#vectorised()} holds. They are not rounded here: that would take
 * vectors of half as many floats, a second species for the compiler to keep apart.
 */
final class VectorFilterTransform {

  private static final VectorSpecies<Double> SPECIES =
      VectorSpecies.of(double.class, VectorShape.forBitSize(Lanes.LANES * Float.SIZE));
  private static final int LANES = SPECIES.length();

  private VectorFilterTransform() {}

  /** Sums {@code [in][tap][16]} by a product's weights to {@code [in][16]}. */
  static void sums(double[] weights, int weight, int taps, double[] block, int ins, double[] sums) {
    for (int i = 0; i < ins; i++) {
      for (int lane = 0; lane < Tiling.BLOCK; lane += 2 * LANES) {
        int from = i * taps * Tiling.BLOCK + lane;
        sum(weights, weight, taps, block, from, sums, i * Tiling.BLOCK + lane);
      }
    }
  }

  private static void sum(
      double[] weights, int weight, int taps, double[] block, int from, double[] sums, int to) {
    DoubleVector a0 = DoubleVector.zero(SPECIES);
    DoubleVector a1 = a0;
    for (int t = 0; t < taps; t++) {
      DoubleVector w = DoubleVector.broadcast(SPECIES, weights[weight + t]);
      int at = from + t * Tiling.BLOCK;
      a0 = w.fma(DoubleVector.fromArray(SPECIES, block, at), a0);
      a1 = w.fma(DoubleVector.fromArray(SPECIES, block, at + LANES), a1);
    }
    a0.intoArray(sums, to);
    a1.intoArray(sums, to + LANES);
  }
}
