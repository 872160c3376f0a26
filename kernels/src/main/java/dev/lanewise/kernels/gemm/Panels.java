package dev.lanewise.kernels.gemm;

import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.Taps;

/**
 * The panels that a matrix product is made of, and the loop of strips over one of them.
 *
 * <p>The left operand is packed as {@code [k / 16][row][16]} with a fixed number of rows, the right
 * one as {@code [n / 32][k / 16][16][32]}, where a last panel of up to 16 columns is 16 wide. Both
 * are padded with zeros.
 */
public final class Panels {

  /** Terms of a tap. */
  public static final int DEPTH = BatchReduce.BLOCK;

  /** Columns of a panel. */
  public static final int COLUMNS = 2 * BatchReduce.BLOCK;

  /** Floats of one tap of a panel of full width. */
  public static final int TAP = DEPTH * COLUMNS;

  /** Most taps that one strip sums: longer sums go on from what the strip before left. */
  public static final int MAX_TAPS = 32;

  /** Rows of a packed left operand; a multiple of the strips of every lane width but one. */
  public static final int ROWS = 112;

  private static final Taps[][] TAPS = {tables(1), tables(2)};

  private Panels() {}

  private static Taps[] tables(int blocks) {
    Taps[] tables = new Taps[MAX_TAPS + 1];
    for (int count = 0; count <= MAX_TAPS; count++) {
      tables[count] = taps(count, ROWS, blocks);
    }
    return tables;
  }

  /** Terms of {@code count} taps of a left operand of so many rows and a panel of 1 or 2 blocks. */
  public static Taps taps(int count, int rows, int blocks) {
    int[] left = new int[count];
    int[] right = new int[count];
    for (int t = 0; t < count; t++) {
      left[t] = t * rows * DEPTH;
      right[t] = t * DEPTH * blocks * BatchReduce.BLOCK;
    }
    return new Taps(left, right);
  }

  /** The same for a left operand of {@link #ROWS} rows and up to {@link #MAX_TAPS} taps. */
  public static Taps taps(int count, int blocks) {
    return TAPS[blocks - 1][count];
  }

  /** Taps that so many terms fill. */
  public static int depthTaps(int k) {
    return (k + DEPTH - 1) / DEPTH;
  }

  /** Panels that so many columns fill. */
  public static int count(int n) {
    return (n + COLUMNS - 1) / COLUMNS;
  }

  /** Blocks of 16 columns in a panel: 2, or 1 in a last panel of up to 16 columns. */
  public static int blocks(int panel, int n) {
    return n - panel * COLUMNS > BatchReduce.BLOCK ? 2 : 1;
  }

  /** Floats of the packed right operand. */
  public static long length(int k, int n) {
    int panels = count(n);
    long blocks = 2L * (panels - 1) + blocks(panels - 1, n);
    return blocks * depthTaps(k) * DEPTH * BatchReduce.BLOCK;
  }

  /**
   * Multiplies rows of a packed left operand with one panel, in strips of equal size.
   *
   * @param left left operand; {@code leftBase} is where its first row lies
   * @param right right operand; {@code rightBase} is where the panel begins
   * @param init starting values, {@code initRow} and {@code initBlock} floats from one row and one
   *     block of 16 columns to the next
   * @param out result, addressed like {@code init}
   */
  public static void multiply(
      BatchReduce kernel,
      int blocks,
      int rows,
      float[] left,
      int leftBase,
      Taps taps,
      float[] right,
      int rightBase,
      float[] init,
      int initBase,
      int initRow,
      int initBlock,
      float[] out,
      int outBase,
      int outRow,
      int outBlock) {
    kernel.pixels(
        DEPTH, blocks, rows, left, leftBase, taps, right, rightBase, init, initBase, initRow,
        initBlock, out, outBase, outRow, outBlock);
  }
}
