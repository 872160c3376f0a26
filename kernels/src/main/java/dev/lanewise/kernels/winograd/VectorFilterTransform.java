package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.simd.Lanes;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The sums of {@link FilterTransform} on vectors of doubles, half as many as there are lanes;
 * loaded only where {@link Lanes#vectorised()} holds.
 */
final class VectorFilterTransform {

  private static final VectorSpecies<Double> DOUBLES =
      VectorSpecies.of(double.class, VectorShape.forBitSize(Lanes.LANES * Float.SIZE));
  private static final VectorSpecies<Float> FLOATS =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.LANES * Float.SIZE / 2));
  private static final int LANES = DOUBLES.length();

  private VectorFilterTransform() {}

  /**
   * Transforms {@code [in][tap][16 output channels]}.
   *
   * @param plane floats from one product to the next
   * @param row floats from one input channel to the next
   */
  static void run(
      double[] weights,
      int taps,
      double[] block,
      int ins,
      float[] packed,
      int to,
      int plane,
      int row) {
    int products = weights.length / taps;
    for (int p = 0; p < products; p++) {
      for (int i = 0; i < ins; i++) {
        int place = to + p * plane + i * row;
        for (int lane = 0; lane < Tiling.BLOCK; lane += 2 * LANES) {
          sum(weights, p * taps, taps, block, i * taps * Tiling.BLOCK + lane, packed, place + lane);
        }
      }
    }
  }

  private static void sum(
      double[] weights, int weight, int taps, double[] block, int from, float[] packed, int to) {
    DoubleVector a0 = DoubleVector.zero(DOUBLES);
    DoubleVector a1 = a0;
    for (int t = 0; t < taps; t++) {
      DoubleVector w = DoubleVector.broadcast(DOUBLES, weights[weight + t]);
      int at = from + t * Tiling.BLOCK;
      a0 = w.fma(DoubleVector.fromArray(DOUBLES, block, at), a0);
      a1 = w.fma(DoubleVector.fromArray(DOUBLES, block, at + LANES), a1);
    }
    ((FloatVector) a0.convertShape(VectorOperators.D2F, FLOATS, 0)).intoArray(packed, to);
    ((FloatVector) a1.convertShape(VectorOperators.D2F, FLOATS, 0)).intoArray(packed, to + LANES);
  }
}
