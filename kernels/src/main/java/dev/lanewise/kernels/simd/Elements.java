package dev.lanewise.kernels.simd;

/** Copies of single floats that lie apart, as the few channels of an image do. */
public final class Elements {

  private static final int BLOCK = BatchReduce.BLOCK;

  private Elements() {}

  /**
   * Copies {@code count} floats that lie {@code fromStride} apart, to lie {@code toStride} apart.
   */
  public static void copy(
      float[] src, int from, int fromStride, float[] dst, int to, int toStride, int count) {
    if (fromStride == 1 && toStride == 1) {
      System.arraycopy(src, from, dst, to, count);
      return;
    }
    if (fromStride == BLOCK && toStride == 1) {
      for (int i = 0; i < count; i++) {
        dst[to + i] = src[from + i * BLOCK];
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      dst[to + i * toStride] = src[from + i * fromStride];
    }
  }

  /**
   * Copies three floats at a time, side by side: those of one pixel, whose cache lines then are
   * read once.
   *
   * @param plane floats from one of the three to the next in {@code src}
   */
  public static void copyTriples(
      float[] src,
      int from,
      int plane,
      int fromStride,
      float[] dst,
      int to,
      int toStride,
      int count) {
    int s = from;
    int d = to;
    for (int i = 0; i < count; i++) {
      dst[d] = src[s];
      dst[d + 1] = src[s + plane];
      dst[d + 2] = src[s + 2 * plane];
      s += fromStride;
      d += toStride;
    }
  }
}
