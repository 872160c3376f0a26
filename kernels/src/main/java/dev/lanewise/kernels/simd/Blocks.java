package dev.lanewise.kernels.simd;

/**
 * Moves, adds and sums blocks of 16 floats, on lanes where the machine has them.
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

  /**
   * Adds the one block at {@code at} to {@code count} blocks that lie behind each other, and brings
   * each sum between two bounds.
   */
  public static void addClamp(
      float[] src, int at, float[] dst, int to, int count, float low, float high) {
    if (Lanes.vectorised()) {
      VectorBlocks.addClamp(src, at, dst, to, count, low, high);
      return;
    }
    for (int i = 0; i < count * BLOCK; i++) {
      float sum = dst[to + i] + src[at + i % BLOCK];
      float raised = sum < low ? low : sum;
      dst[to + i] = raised > high ? high : raised;
    }
  }

  /**
   * Sums blocks that lie behind each other: {@code dst[to + c]} becomes, or grows by, the sum of
   * {@code src[from + i * 16 + c]}. Four chains are added as {@code (0 + 1) + (2 + 3)}, the same on
   * any lanes; block {@code i} belongs to chain {@code i % 4}, those left over to chain 0.
   *
   * @param add whether the sum is added to what is there
   */
  public static void sum(float[] src, int from, int count, float[] dst, int to, boolean add) {
    if (Lanes.vectorised()) {
      VectorBlocks.sum(src, from, count, dst, to, add);
      return;
    }
    for (int c = 0; c < BLOCK; c++) {
      float total = chains(src, from + c, count);
      dst[to + c] = add ? dst[to + c] + total : total;
    }
  }

  private static float chains(float[] src, int from, int count) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (; i <= count - 4; i += 4) {
      int at = from + i * BLOCK;
      s0 += src[at];
      s1 += src[at + BLOCK];
      s2 += src[at + 2 * BLOCK];
      s3 += src[at + 3 * BLOCK];
    }
    for (; i < count; i++) {
      s0 += src[from + i * BLOCK];
    }
    return (s0 + s1) + (s2 + s3);
  }

  /**
   * Adds {@code count} blocks, each times the one block of factors at {@code at}, to others, with
   * strides as in {@link #copy}: fused multiply-adds where the processor has them.
   */
  public static void multiplyAdd(
      float[] src,
      int from,
      int fromStride,
      float[] factors,
      int at,
      float[] dst,
      int to,
      int toStride,
      int count) {
    if (Lanes.vectorised()) {
      VectorBlocks.multiplyAdd(src, from, fromStride, factors, at, dst, to, toStride, count);
    } else {
      for (int i = 0; i < count; i++) {
        for (int c = 0; c < BLOCK; c++) {
          int d = to + i * toStride + c;
          dst[d] = Lanes.fma(src[from + i * fromStride + c], factors[at + c], dst[d]);
        }
      }
    }
  }
}
