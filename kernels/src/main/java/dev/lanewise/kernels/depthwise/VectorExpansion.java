package dev.lanewise.kernels.depthwise;

import dev.lanewise.kernels.layout.LaneGroups;
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

  private final LaneGroups groups;
  private final List<Part> parts = new ArrayList<>();

  VectorExpansion(LaneGroups groups) {
    this.groups = groups;
    for (int block = 0; block < groups.multiplier(); block++) {
      for (int channel = 0; channel < groups.channels(); channel++) {
        for (int c = 0; c < Layout.BLOCK; c += LANES) {
          parts.add(part(block, channel, c));
        }
      }
    }
  }

  private Part part(int block, int channel, int c) {
    // As many neighbouring lanes as a vector has hold all that it reads.
    int first = Math.min(groups.source(block, channel, c), Layout.BLOCK - LANES);
    int[] lanes = new int[LANES];
    for (int i = 0; i < LANES; i++) {
      lanes[i] = groups.source(block, channel, c + i) - first;
    }
    return new Part(first, VectorShuffle.fromArray(SPECIES, lanes, 0));
  }

  @Override
  void expand(int block, int channel, float[] in, int from, float[] expanded, int to, int pixels) {
    int first = (block % groups.multiplier() * groups.channels() + channel) * Layout.BLOCK;
    for (int c = 0; c < Layout.BLOCK; c += LANES) {
      Part part = parts.get((first + c) / LANES);
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
