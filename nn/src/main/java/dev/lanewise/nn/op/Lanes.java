package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import java.util.Arrays;

/** The lanes of NCHW16C that are no channels. */
final class Lanes {

  private Lanes() {}

  /** Zeroes the lanes past the last channel, where there are any. */
  static void clearPadding(Layout layout, float[] data, int... dims) {
    int used = layout == Layout.NCHW16C ? dims[1] % Layout.BLOCK : 0;
    if (used == 0) {
      return;
    }
    int image = data.length / dims[0];
    int lastBlock = image / Layout.blocks(dims[1]);
    for (int n = 1; n <= dims[0]; n++) {
      for (int i = n * image - lastBlock; i < n * image; i += Layout.BLOCK) {
        Arrays.fill(data, i + used, i + Layout.BLOCK, 0f);
      }
    }
  }
}
