package dev.lanewise.kernels.depthwise;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.kernels.simd.Taps;

/**
 * The sums of a depthwise convolution with a 5 x 5 kernel and stride 1 for one block of 16
 * channels, two neighbouring outputs of a row at a time: the first three taps of a kernel row by
 * Winograd's F(2,3), the last two by F(2,2), seven products instead of ten.
 *
 * <pre>
 * m0 = (x0 - x2) f0                       n0 = (x4 - x3) (-f3)      y0 = m0 + n0 + m1 + n1 + m2
 * m1 = (x1 + x2) (f0 + f1 + f2) / 2       n1 = x4 (f3 + f4)         y1 = m1 + n1 - m2 - m3 - n2
 * m2 = (x2 - x1) (f0 - f1 + f2) / 2       n2 = (x4 - x5) f4
 * m3 = (x1 - x3) f2
 * </pre>
 *
 * Four sums are enough, for m0 and n0, m1 and n1, and m3 and n2 go the same ways. F(2,5) would need
 * six products, but multiplications in its transforms, and would round more. Each sum is a chain of
 * fused multiply-adds in the order of the kernel rows; what falls on padding is left out.
 *
 * <p>S. Winograd, Arithmetic Complexity of Computations, 1980.
 */
abstract class DepthwiseRowPairs {

  /** Width and height of the kernel. */
  static final int KERNEL = 5;

  /** Columns of padding at either end of a row. */
  static final int PADDING = 2;

  /** Products of a pair for each kernel row. */
  static final int PRODUCTS = 7;

  /** The sides of a tile that are padding. */
  static final int LEFT = 1;

  static final int RIGHT = 2;

  private static final int BLOCK = Layout.BLOCK;
  private static final int FILTER_ROW = PRODUCTS * BLOCK;

  private final int lanes;
  private final int mostPairs;

  DepthwiseRowPairs(int lanes, int mostPairs) {
    this.lanes = lanes;
    this.mostPairs = mostPairs;
  }

  /** The implementation for this machine's lanes. */
  static DepthwiseRowPairs get() {
    return Holder.INSTANCE;
  }

  final int lanes() {
    return lanes;
  }

  /** Pairs of the widest tile. */
  final int mostPairs() {
    return mostPairs;
  }

  /** Floats of the transformed filter of one block: {@code [kernel row][product][16]}. */
  static int filterFloats() {
    return KERNEL * FILTER_ROW;
  }

  /**
   * Transforms the filter of one channel.
   *
   * @param filter {@code [5][5]} from {@code from} on
   * @param packed the channel's lane from {@code to} on
   */
  static void transform(float[] filter, int from, float[] packed, int to) {
    for (int row = 0; row < KERNEL; row++) {
      int f = from + row * KERNEL;
      double outer = (double) filter[f] + filter[f + 2];
      double middle = filter[f + 1];
      int at = to + row * FILTER_ROW;
      packed[at] = filter[f];
      packed[at + BLOCK] = (float) ((outer + middle) / 2);
      packed[at + 2 * BLOCK] = (float) ((outer - middle) / 2);
      packed[at + 3 * BLOCK] = filter[f + 2];
      packed[at + 4 * BLOCK] = -filter[f + 3];
      packed[at + 5 * BLOCK] = filter[f + 3] + filter[f + 4];
      packed[at + 6 * BLOCK] = filter[f + 4];
    }
  }

  /**
   * Output rows that miss the same kernel rows.
   *
   * @param run the columns, in tiles of pairs
   * @param rows the kernel rows inside the input, neighbours of each other: where they lie from
   *     {@code inBase} on, and where their taps would lie in the filter as it was
   * @param inBase where kernel row 0 of the first output row lies; may be negative
   * @param outBase where the first output row lies
   */
  final void rowBlock(
      Geometry geometry,
      ColumnRun run,
      int firstTile,
      int endTile,
      Taps rows,
      int outRows,
      float[] in,
      int inBase,
      float[] filter,
      int filterBase,
      float[] bias,
      int biasBase,
      float[] out,
      int outBase) {
    int inRow = geometry.inRow();
    int outRow = geometry.outRow();
    int from = inBase + rows.input()[0] + run.in();
    int weights = filterBase + rows.filter()[0] / KERNEL * PRODUCTS;
    int weightsEnd = weights + rows.count() * FILTER_ROW;
    int inBack = (rows.count() - 1) * inRow;
    for (int c = 0; c < BLOCK; c += lanes) {
      for (int tile = firstTile; tile < endTile; tile++) {
        int column = tile * run.columns() * BLOCK + c;
        int to = outBase + run.out() + column;
        boolean left = run.left() > 0 && tile == 0;
        boolean right = run.right() > 0 && tile == run.tiles() - 1;
        tile(
            run.columns() / 2,
            (left ? LEFT : 0) + (right ? RIGHT : 0),
            in,
            from + column,
            inRow,
            inBack,
            filter,
            weights + c,
            weightsEnd + c,
            bias,
            biasBase + c,
            out,
            to,
            outRow,
            to + outRows * outRow);
      }
    }
  }

  /**
   * As many channels as there are lanes of a tile of pairs.
   *
   * @param sides which sides of the tile are padding
   * @param inBase where the first kernel row of the first output row lies; may be negative
   * @param inBack floats from the first kernel row to the last
   * @param filterEnd where the transformed filter of the last kernel row ends
   * @param outEnd where an output row would lie behind the last
   */
  abstract void tile(
      int pairs,
      int sides,
      float[] in,
      int inBase,
      int inRow,
      int inBack,
      float[] filter,
      int filterBase,
      int filterEnd,
      float[] bias,
      int biasBase,
      float[] out,
      int outBase,
      int outRow,
      int outEnd);

  /** Loads the class of one lane width only: the others may need a module that is not there. */
  private static final class Holder {
    static final DepthwiseRowPairs INSTANCE =
        switch (Lanes.LANES) {
          case 16 -> new DepthwiseRowPairs16();
          case 8 -> new DepthwiseRowPairs8();
          case 4 -> new DepthwiseRowPairs4();
          default -> new DepthwiseRowPairsScalar();
        };
  }
}
