package dev.lanewise.kernels.simd;

/**
 * Moves and adds blocks of 16 floats, on lanes where the machine has them.
 *
 * <p>{@link System#arraycopy} costs more for 16 floats than the copy itself.
 */
public final class Blocks {

  private static final int BLOCK = BatchReduce.BLOCK;

  private Blocks() {}

  /**
   * Copies {@code count} blocks that lie {@code fromStride} apart to places {@code toStride} apart.
   */
  public static void copy(
      float[] src, int from, int fromStride, float[] dst, int to, int toStride, int count) {
    if (Lanes.vectorised()) {
      VectorBlocks.copy(src, from, fromStride, dst, to, toStride, count);
    } else {
      for (int i = 0; i < count; i++) {
        System.arraycopy(src, from + i * fromStride, dst, to + i * toStride, BLOCK);
      }
    }
  }

  /** Adds blocks to others, both with strides as in {@link #copy}. */
  public static void add(
      float[] src, int from, int fromStride, float[] dst, int to, int toStride, int count) {
    if (Lanes.vectorised()) {
      VectorBlocks.add(src, from, fromStride, dst, to, toStride, count);
    } else {
      for (int i = 0; i < count; i++) {
        for (int c = 0; c < BLOCK; c++) {
          dst[to + i * toStride + c] += src[from + i * fromStride + c];
        }
      }
    }
  }
}
