package dev.lanewise.kernels.depthwise;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;

/**
 * Repeats each input channel as often as it has output channels, so that lane c of an expanded
 * block is the input of output channel c.
 */
abstract class Expansion {

  /** The expansion on this machine's lanes. */
  static Expansion of(int multiplier) {
    return Lanes.vectorised() ? new VectorExpansion(multiplier) : new Scalar(multiplier);
  }

  /** The lane of its input block that a lane of a block of output channels reads. */
  static int source(int multiplier, int block, int lane) {
    return (block % multiplier * Layout.BLOCK + lane) / multiplier;
  }

  /** Expands pixels of an input block for a block of output channels. */
  abstract void expand(int block, float[] in, int from, float[] expanded, int to, int pixels);

  /** Without the Vector API. */
  private static final class Scalar extends Expansion {
    private final int multiplier;

    Scalar(int multiplier) {
      this.multiplier = multiplier;
    }

    @Override
    void expand(int block, float[] in, int from, float[] expanded, int to, int pixels) {
      for (int c = 0; c < Layout.BLOCK; c++) {
        int source = from + source(multiplier, block, c);
        for (int i = 0; i < pixels * Layout.BLOCK; i += Layout.BLOCK) {
          expanded[to + c + i] = in[source + i];
        }
      }
    }
  }
}
