package dev.lanewise.kernels.depthwise;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** {@link Expansion} on vectors; loaded only where {@link Lanes#vectorised()} holds. */
final class VectorExpansion extends Expansion {

  private static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.LANES * Float.SIZE));
  private static final int LANES = SPECIES.length();

  /** How one vector is filled: lane i is the input's lane {@code first + shuffle[i]}. */
  private record Part(int first, VectorShuffle<Float> shuffle) {}

  private final int multiplier;
  private final List<Part> parts = new ArrayList<>();

  VectorExpansion(int multiplier) {
    this.multiplier = multiplier;
    for (int block = 0; block < multiplier; block++) {
      for (int c = 0; c < Layout.BLOCK; c += LANES) {
        // As many neighbouring lanes as a vector has hold all that it reads.
        int first = Math.min(source(multiplier, block, c), Layout.BLOCK - LANES);
        int[] lanes = new int[LANES];
        for (int i = 0; i < LANES; i++) {
          lanes[i] = source(multiplier, block, c + i) - first;
        }
        parts.add(new Part(first, VectorShuffle.fromArray(SPECIES, lanes, 0)));
      }
    }
  }

  @Override
  void expand(int block, float[] in, int from, float[] expanded, int to, int pixels) {
    for (int c = 0; c < Layout.BLOCK; c += LANES) {
      Part part = parts.get((block % multiplier * Layout.BLOCK + c) / LANES);
      expand(part.shuffle, in, from + part.first, expanded, to + c, pixels);
    }
  }

  private static void expand(
      VectorShuffle<Float> shuffle, float[] in, int from, float[] expanded, int to, int pixels) {
    int s = from;
    int d = to;
    for (int i = 0; i < pixels; i++) {
      FloatVector.fromArray(SPECIES, in, s).rearrange(shuffle).intoArray(expanded, d);
      s += Layout.BLOCK;
      d += Layout.BLOCK;
    }
  }
}
