package dev.lanewise.kernels.depthwise;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;

/**
 * The sums of a depthwise convolution with a 3 x 3 kernel and stride 1 for one block of 16
 * channels, two neighbouring outputs of a row at a time by Winograd's F(2,3): four products of each
 * kernel row instead of six.
 *
 * <pre>
 * m0 = (x0 - x2) f0                       y0 = m0 + m1 + m2
 * m1 = (x1 + x2) (f0 + f1 + f2) / 2       y1 = m1 - m2 - m3
 * m2 = (x2 - x1) (f0 - f1 + f2) / 2
 * m3 = (x1 - x3) f2
 * </pre>
 *
 * The products are summed over the kernel rows before the outputs are formed, each in a chain of
 * fused multiply-adds in the order of the rows; kernel rows that fall on padding are left out.
 *
 * <p>S. Winograd, Arithmetic Complexity of Computations, 1980; A. Lavin and S. Gray, Fast
 * Algorithms for Convolutional Neural Networks, 2016, equation 5.
 */
abstract class DepthwisePairs {

  /** The sides of the tiles that are padding. */
  static final int LEFT = 1;

  static final int RIGHT = 2;
  static final int TOP = 4;
  static final int BOTTOM = 8;

  private static final int BLOCK = Layout.BLOCK;
  private static final int PRODUCTS = 4;
  private static final int KERNEL = 3;

  private final int lanes;

  DepthwisePairs(int lanes) {
    this.lanes = lanes;
  }

  /** The implementation for this machine's lanes. */
  static DepthwisePairs get() {
    return Holder.INSTANCE;
  }

  final int lanes() {
    return lanes;
  }

  /** Products of a tile of so many columns for each kernel row: the last is of a second output. */
  static int products(int columns) {
    return columns + 2;
  }

  /** Floats of the transformed filter of one block: {@code [kernel row][product][16]}. */
  static int filterFloats() {
    return KERNEL * PRODUCTS * BLOCK;
  }

  /**
   * Transforms the filter of one channel.
   *
   * @param filter {@code [3][3]} from {@code from} on
   * @param packed the channel's lane from {@code to} on
   */
  static void transform(float[] filter, int from, float[] packed, int to) {
    for (int row = 0; row < KERNEL; row++) {
      float first = filter[from + row * KERNEL];
      float last = filter[from + row * KERNEL + 2];
      double outer = (double) first + last;
      double middle = filter[from + row * KERNEL + 1];
      int at = to + row * PRODUCTS * BLOCK;
      packed[at] = first;
      packed[at + BLOCK] = (float) ((outer + middle) / 2);
      packed[at + 2 * BLOCK] = (float) ((outer - middle) / 2);
      packed[at + 3 * BLOCK] = last;
    }
  }

  /**
   * Output rows of one plane.
   *
   * @param run the columns, in tiles of two, or of one
   * @param top whether kernel row 0 of the first output row is padding
   * @param bottom whether kernel row 2 of the last output row is padding
   * @param inBase where kernel row 0 of the first output row lies; may be negative
   * @param outBase where the first output row lies
   */
  final void walkBlock(
      Geometry geometry,
      ColumnRun run,
      int firstTile,
      int endTile,
      int rows,
      boolean top,
      boolean bottom,
      float[] in,
      int inBase,
      float[] filter,
      int filterBase,
      float[] bias,
      int biasBase,
      float[] out,
      int outBase) {
    int tile = run.columns() * BLOCK;
    int sides =
        (firstTile == 0 && run.left() > 0 ? LEFT : 0)
            + (endTile == run.tiles() && run.right() > 0 ? RIGHT : 0)
            + (top ? TOP : 0)
            + (bottom ? BOTTOM : 0);
    int from = inBase + run.in() + firstTile * tile;
    int to = outBase + run.out() + firstTile * tile;
    for (int c = 0; c < BLOCK; c += lanes) {
      if (run.columns() == 2) {
        pair(
            endTile - firstTile,
            sides,
            rows,
            in,
            from + c,
            geometry.inRow(),
            filter,
            filterBase + c,
            bias,
            biasBase + c,
            out,
            to + c,
            geometry.outRow());
      } else {
        single(
            endTile - firstTile,
            sides,
            rows,
            in,
            from + c,
            geometry.inRow(),
            filter,
            filterBase + c,
            bias,
            biasBase + c,
            out,
            to + c,
            geometry.outRow());
      }
    }
  }

  /** As many channels as there are lanes of neighbouring tiles of two columns. */
  abstract void pair(
      int tiles,
      int sides,
      int rows,
      float[] in,
      int inBase,
      int inRow,
      float[] filter,
      int filterBase,
      float[] bias,
      int biasBase,
      float[] out,
      int outBase,
      int outRow);

  /** As {@link #pair}, of tiles of one column. */
  abstract void single(
      int tiles,
      int sides,
      int rows,
      float[] in,
      int inBase,
      int inRow,
      float[] filter,
      int filterBase,
      float[] bias,
      int biasBase,
      float[] out,
      int outBase,
      int outRow);

  /** Loads the class of one lane width only: the others may need a module that is not there. */
  private static final class Holder {
    static final DepthwisePairs INSTANCE =
        switch (Lanes.LANES) {
          case 16 -> new DepthwisePairs16();
          case 8 -> new DepthwisePairs8();
          case 4 -> new DepthwisePairs4();
          default -> new DepthwisePairsScalar();
        };
  }
}
