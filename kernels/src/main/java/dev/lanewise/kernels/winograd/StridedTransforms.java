package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.simd.Lanes;

/**
 * The transforms of {@link StridedWinograd}, on lanes where the machine has them: sums and
 * differences alone, so the bits are the same.
 */
final class StridedTransforms {

  private static final int BLOCK = Tiling.BLOCK;

  private StridedTransforms() {}

  /**
   * Combines a row of the windows of neighbouring tiles: {@code r0 - r2, r1, r2, r4 - r2, r3} for
   * the elements r0 to r4 of {@code row}, or of {@code row - less} if there is a row to subtract.
   *
   * @param row where the row of the first window begins; the next lies four pixels further
   * @param less where the row to subtract begins, or -1
   * @param to where the five results of the first tile go; those of the next lie beside them
   */
  static void input(float[] src, int row, int less, float[] dst, int[] to, int first, int count) {
    if (Lanes.vectorised()) {
      if (less < 0) {
        VectorStridedTransforms.row(src, row, dst, to, first, count);
      } else {
        VectorStridedTransforms.difference(src, row, less, dst, to, first, count);
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      for (int lane = 0; lane < BLOCK; lane++) {
        int at = 4 * BLOCK * i + lane;
        int target = first + BLOCK * i + lane;
        float r2 = element(src, row, less, at + 2 * BLOCK);
        dst[to[0] + target] = element(src, row, less, at) - r2;
        dst[to[1] + target] = element(src, row, less, at + BLOCK);
        dst[to[2] + target] = r2;
        dst[to[3] + target] = element(src, row, less, at + 4 * BLOCK) - r2;
        dst[to[4] + target] = element(src, row, less, at + 3 * BLOCK);
      }
    }
  }

  private static float element(float[] src, int row, int less, int at) {
    return less < 0 ? src[row + at] : src[row + at] - src[less + at];
  }

  /**
   * Adds the nine products of neighbouring tiles to their four outputs: {@code (m0 + m1, m1 + m2)}
   * along both axes, and the bias.
   *
   * @param from where the first product of the first tile lies, the next tile's beside it
   * @param plane floats from one product to the next
   * @param to where the first output of the first tile goes; the next tile's lie two pixels further
   * @param row floats from an output to that below it
   */
  static void output(
      float[] src,
      int from,
      int plane,
      float[] bias,
      int channel,
      float[] dst,
      int to,
      int row,
      int count) {
    if (Lanes.vectorised()) {
      VectorStridedTransforms.output(src, from, plane, bias, channel, dst, to, row, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      for (int lane = 0; lane < BLOCK; lane++) {
        for (int r = 0; r < 2; r++) {
          int at = from + BLOCK * i + lane + 3 * r * plane;
          float y0 = src[at] + src[at + 3 * plane];
          float y1 = src[at + plane] + src[at + 4 * plane];
          float y2 = src[at + 2 * plane] + src[at + 5 * plane];
          int target = to + r * row + 2 * BLOCK * i + lane;
          dst[target] = y0 + y1 + bias[channel + lane];
          dst[target + BLOCK] = y1 + y2 + bias[channel + lane];
        }
      }
    }
  }
}
