package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.simd.FilterReduce;
import java.util.ArrayList;
import java.util.List;

/**
 * Neighbouring blocks of input channels whose sums are made together.
 *
 * @param first the first block of the channel group
 * @param blocks how many
 * @param step blocks that the kernel sums at a time
 */
record GradientPanel(int first, int blocks, int step) {

  private static final int STEP = FilterReduce.MOST_BLOCKS;

  /** Most blocks of a panel. */
  static final int MOST = 2 * STEP;

  /** All panels; a single block that would be left over is summed as two and two. */
  static GradientPanel[] all(int blocks) {
    List<GradientPanel> panels = new ArrayList<>();
    for (int first = 0; first < blocks; ) {
      int left = blocks - first;
      boolean pairs = left == STEP + 1 || left == MOST + 1;
      int count = pairs ? STEP + 1 : Math.min(left, MOST);
      panels.add(new GradientPanel(first, count, pairs ? STEP - 1 : STEP));
      first += count;
    }
    return panels.toArray(GradientPanel[]::new);
  }
}
