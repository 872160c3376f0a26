package dev.lanewise.kernels.depthwise;

import dev.lanewise.kernels.layout.LaneGroups;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;

/**
 * Brings each input channel to the lanes of the output channels that see it, so that lane c of an
 * expanded block is what output channel c sees as a given channel of its group. Where a group has
 * one channel, it is repeated as often as it has filters.
 */
abstract class Expansion {

  /** The expansion on this machine's lanes. */
  static Expansion of(LaneGroups groups) {
    return Lanes.vectorised() ? new VectorExpansion(groups) : new Scalar(groups);
  }

  /** Expands pixels of an input block for a block of output channels and a channel of a group. */
  abstract void expand(
      int block, int channel, float[] in, int from, float[] expanded, int to, int pixels);

  /** Without the Vector API. */
  private static final class Scalar extends Expansion {
    private final LaneGroups groups;

    Scalar(LaneGroups groups) {
      this.groups = groups;
    }

    @Override
    void expand(
        int block, int channel, float[] in, int from, float[] expanded, int to, int pixels) {
      for (int c = 0; c < Layout.BLOCK; c++) {
        int source = from + groups.source(block, channel, c);
        for (int i = 0; i < pixels * Layout.BLOCK; i += Layout.BLOCK) {
          expanded[to + c + i] = in[source + i];
        }
      }
    }
  }
}
