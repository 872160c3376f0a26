package dev.lanewise.kernels.simd;

/**
 * Turns {@code [tap][16 channels]}, as sums of a filter's gradient lie, into {@code
 * [channel][tap]}, as a filter does, and the three planes of an image into pixels.
 */
public final class Interleave {

  private static final int BLOCK = BatchReduce.BLOCK;

  /** Taps for which there is vector code, on 16 lanes. */
  private static final int VECTOR_TAPS = 9;

  /** More than a call takes once it is compiled, and far less than before. */
  private static final long COMPILED_NANOS = 500;

  /**
   * Rows that are worth reading side by side: they may lie at one place of a first-level cache,
   * which has eight ways.
   */
  public static final int ROWS = 8;

  /** Fewer are written one by one: the permutations would not pay for being kept. */
  private static final int LEAST_RUNS = 4;

  private Interleave() {}

  /** Calls the vector code until it is compiled, if so many taps have it. */
  public static void warmUp(int taps, boolean add) {
    if (taps == VECTOR_TAPS && Lanes.LANES == BLOCK) {
      float[] src = new float[taps * BLOCK];
      float[] dst = new float[taps * BLOCK];
      WarmUp.drive(() -> run(src, 0, BLOCK, taps, BLOCK, dst, 0, add), COMPILED_NANOS);
    }
  }

  /** Calls the vector code of {@link #runs} until it is compiled, if so many taps have it. */
  public static void warmUpRuns(int taps) {
    if (taps == VECTOR_TAPS && Lanes.LANES == BLOCK) {
      float[] src = new float[taps * BLOCK];
      float[] dst = new float[taps * BLOCK];
      WarmUp.drive(
          () -> runs(src, 0, BLOCK, 0, taps, BLOCK, dst, 0, 0, LEAST_RUNS),
          LEAST_RUNS * COMPILED_NANOS);
    }
  }

  /**
   * {@link #run} without adding for many kernels.
   *
   * @param fromStep floats of the source from one to the next
   * @param toStep floats of the destination from one to the next
   */
  public static void runs(
      float[] src,
      int from,
      int stride,
      int fromStep,
      int taps,
      int channels,
      float[] dst,
      int to,
      int toStep,
      int count) {
    if (taps == VECTOR_TAPS && channels == BLOCK && Lanes.LANES == BLOCK && count >= LEAST_RUNS) {
      Interleave16.nines(src, from, stride, fromStep, dst, to, toStep, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      run(src, from + i * fromStep, stride, taps, channels, dst, to + i * toStep, false);
    }
  }

  /**
   * {@code dst[to + c * taps + t]} becomes, or grows by, {@code src[from + t * stride + c]}.
   *
   * @param stride floats from one tap to the next
   * @param channels 1 to 16
   * @param add whether to add to what is there
   */
  public static void run(
      float[] src, int from, int stride, int taps, int channels, float[] dst, int to, boolean add) {
    if (taps == VECTOR_TAPS && channels == BLOCK && Lanes.LANES == BLOCK) {
      Interleave16.nine(src, from, stride, dst, to, add);
      return;
    }
    int place = to;
    for (int c = 0; c < channels; c++) {
      int at = from + c;
      for (int t = 0; t < taps; t++, place++, at += stride) {
        dst[place] = add ? dst[place] + src[at] : src[at];
      }
    }
  }

  /**
   * {@code dst[to + c * toStep + i]} becomes {@code src[from + c * step + i * row]} for {@code i}
   * below {@code rows} and {@code c} below {@code columns}. Rows are best {@link #ROWS}: what is
   * written is then visited seldom.
   */
  public static void columns(
      float[] src,
      int from,
      int row,
      int rows,
      int step,
      int columns,
      float[] dst,
      int to,
      int toStep) {
    if (rows == ROWS) {
      for (int c = 0; c < columns; c++) {
        int source = from + c * step;
        int target = to + c * toStep;
        dst[target] = src[source];
        dst[target + 1] = src[source + row];
        dst[target + 2] = src[source + 2 * row];
        dst[target + 3] = src[source + 3 * row];
        dst[target + 4] = src[source + 4 * row];
        dst[target + 5] = src[source + 5 * row];
        dst[target + 6] = src[source + 6 * row];
        dst[target + 7] = src[source + 7 * row];
      }
      return;
    }
    for (int c = 0; c < columns; c++) {
      for (int i = 0; i < rows; i++) {
        dst[to + c * toStep + i] = src[from + c * step + i * row];
      }
    }
  }

  /** Calls the vector code of {@link #triples} until it is compiled. */
  public static void warmUpTriples() {
    if (Lanes.LANES == BLOCK) {
      float[] src = new float[3 * BLOCK];
      float[] dst = new float[3 * BLOCK];
      WarmUp.drive(() -> triples(src, 0, BLOCK, dst, 0, BLOCK), COMPILED_NANOS);
    }
  }

  /**
   * {@code dst[to + 3 * i + c]} becomes {@code src[from + c * plane + i]} for three {@code c}.
   *
   * @param plane floats from one plane to the next
   * @param pixels of each plane
   */
  public static void triples(float[] src, int from, int plane, float[] dst, int to, int pixels) {
    int first = Lanes.LANES == BLOCK ? VectorTriples.run(src, from, plane, dst, to, pixels) : 0;
    int second = from + plane;
    int third = second + plane;
    for (int i = first; i < pixels; i++) {
      dst[to + 3 * i] = src[from + i];
      dst[to + 3 * i + 1] = src[second + i];
      dst[to + 3 * i + 2] = src[third + i];
    }
  }
}
