package dev.lanewise.kernels.simd;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sum of the gradient by filter: for 8 output channels and one to three blocks of 16 input
 * channels (of several channel blocks, or of neighbouring taps), over a table of pixels.
 *
 * <pre>
 * out[r][b][c] = (out[r][b][c] +) sum over pixels i of
 *                gradient[gradientBase + pixels.gradient[i] + r]
 *              * in[inBase + pixels.input[i] + b * inBlock + c]
 * </pre>
 *
 * Each element is a single chain of fused multiply-adds in the order of the table, so the result
 * has the same bits on every lane width.
 */
public abstract class FilterReduce {

  /** Output channels of one call. */
  public static final int ROWS = 8;

  /** Most blocks of 16 input channels of one call. */
  public static final int MOST_BLOCKS = 3;

  private static final int BLOCK = BatchReduce.BLOCK;

  /** Pixels of a call that warms up: enough for C2 to see its loops go on and end. */
  private static final int WARM_PIXELS = 16;

  private static final int WARM_PRODUCTS = 2;

  private final Set<Integer> warm = ConcurrentHashMap.newKeySet();
  private final int tileRows;
  private final int tileBlocks;
  private final int tileChannels;

  /** A tile computes some blocks of all 16 channels, or one block's {@code tileChannels}. */
  FilterReduce(int tileRows, int tileBlocks, int tileChannels) {
    this.tileRows = tileRows;
    this.tileBlocks = tileBlocks;
    this.tileChannels = tileChannels;
  }

  /** The implementation for this machine's lanes. */
  public static FilterReduce get() {
    return Holder.INSTANCE;
  }

  /** Output channels that one generated method computes. */
  public final int tileRows() {
    return tileRows;
  }

  /** Most blocks of input channels that one generated method computes. */
  public final int tileBlocks() {
    return tileBlocks;
  }

  /** Vectors of each output channel in the tile of so many blocks. */
  public final int tileVectors(int blocks) {
    return blocks * tileChannels / Lanes.LANES;
  }

  /**
   * Sums over a table of pixels.
   *
   * @param add whether sums begin with what is there, not with zero
   * @param blocks blocks of 16 input channels, 1 to 3
   * @param out {@code outRow} and {@code outBlock} are the floats from one output channel and one
   *     block to the next
   * @throws IllegalArgumentException if the blocks are others
   * @throws IndexOutOfBoundsException if an operand is too short
   */
  public final void sum(
      boolean add,
      int blocks,
      float[] in,
      int inBase,
      int inBlock,
      float[] gradient,
      int gradientBase,
      PixelTable pixels,
      float[] out,
      int outBase,
      int outRow,
      int outBlock) {
    int step = step(blocks);
    int variant = variant(add, step);
    for (int b = 0; b < blocks; b += step) {
      for (int c = 0; c < BLOCK; c += tileChannels) {
        for (int r = 0; r < ROWS; r += tileRows) {
          run(
              variant,
              in,
              inBase + b * inBlock + c,
              inBlock,
              gradient,
              gradientBase + r,
              pixels,
              out,
              outBase + r * outRow + b * outBlock + c,
              outRow,
              outBlock);
        }
      }
    }
  }

  /** Blocks that a generated method computes of so many. */
  private int step(int blocks) {
    if (blocks < 1 || blocks > MOST_BLOCKS) {
      throw new IllegalArgumentException("a sum has 1 to 3 blocks, not " + blocks);
    }
    return Math.min(blocks, tileBlocks);
  }

  private static int variant(boolean add, int blocks) {
    return 2 * (blocks - 1) + (add ? 1 : 0);
  }

  /**
   * The sums of a number of products, such as those of Winograd's algorithm, each over the same
   * pixels, 16 floats apart:
   *
   * <pre>
   * out[p][r][b][c] = (out[p][r][b][c] +) sum over k &lt; pixels of
   *                   gradient[gradientBase + p * gradientProduct + k * 16 + r]
   *                 * in[inBase + p * inProduct + k * 16 + b * inBlock + c]
   * </pre>
   *
   * <p>Blocks of the output are 16 floats apart. Each element is a single chain in the order of the
   * pixels.
   *
   * @param add whether sums begin with what is there, not with zero
   * @param count products
   * @throws IllegalArgumentException if there are not 1 to 3 blocks
   * @throws IndexOutOfBoundsException if an operand is too short
   */
  public final void products(
      boolean add,
      int count,
      int pixels,
      int blocks,
      float[] in,
      int inBase,
      int inBlock,
      int inProduct,
      float[] gradient,
      int gradientBase,
      int gradientProduct,
      float[] out,
      int outBase,
      int outRow,
      int outProduct) {
    int step = step(blocks);
    int variant = variant(add, step);
    for (int b = 0; b < blocks; b += step) {
      for (int c = 0; c < BLOCK; c += tileChannels) {
        for (int r = 0; r < ROWS; r += tileRows) {
          runProducts(
              variant,
              count,
              pixels,
              in,
              inBase + b * inBlock + c,
              inBlock,
              inProduct,
              gradient,
              gradientBase + r,
              gradientProduct,
              out,
              outBase + r * outRow + b * BLOCK + c,
              outRow,
              outProduct);
        }
      }
    }
  }

  /** {@link #products} of runs of pixels. */
  public final void products(
      boolean add,
      int count,
      int runs,
      int trip,
      int blocks,
      float[] in,
      int inBase,
      int inBlock,
      int inProduct,
      float[] gradient,
      int gradientBase,
      int gradientProduct,
      float[] out,
      int outBase,
      int outRow,
      int outBlock,
      int outProduct) {
    products(
        add,
        count,
        runs * trip,
        blocks,
        in,
        inBase,
        inBlock,
        inProduct,
        gradient,
        gradientBase,
        gradientProduct,
        out,
        outBase,
        outRow,
        outProduct);
  }

  /** Lengths of runs. */
  public static int[] productTrips() {
    return new int[] {28, 16, 14, 8, 7, 4};
  }

  /** Calls {@link #sum} for so many blocks until it is compiled. */
  public final void warmUp(boolean add, int blocks) {
    if (Lanes.vectorised() && warm.add(variant(add, blocks))) {
      float[] in = new float[BLOCK];
      float[] out = new float[ROWS * BLOCK];
      PixelTable pixels = new PixelTable(new int[WARM_PIXELS], new int[WARM_PIXELS]);
      WarmUp.drive(
          () -> sum(add, blocks, in, 0, 0, in, 0, pixels, out, 0, BLOCK, 0),
          compiledNanos(WARM_PIXELS * blocks));
    }
  }

  /** Calls {@link #products} for so many blocks until it is compiled. */
  public final void warmUpProducts(boolean add, int blocks) {
    if (Lanes.vectorised() && warm.add(-1 - variant(add, blocks))) {
      float[] in = new float[WARM_PIXELS * BLOCK];
      float[] out = new float[(ROWS + blocks - 1) * BLOCK];
      WarmUp.drive(
          () ->
              products(
                  add, WARM_PRODUCTS, WARM_PIXELS, blocks, in, 0, 0, 0, in, 0, 0, out, 0, BLOCK, 0),
          compiledNanos(WARM_PRODUCTS * WARM_PIXELS * blocks));
    }
  }

  /** More than so many pixels and blocks take once they are compiled, and far less than before. */
  private static long compiledNanos(int products) {
    return 500 + 2L * products * ROWS * BLOCK / Lanes.LANES;
  }

  /** Runs one generated variant; those of odd number add. */
  abstract void run(
      int variant,
      float[] in,
      int inBase,
      int inBlock,
      float[] gradient,
      int gradientBase,
      PixelTable pixels,
      float[] out,
      int outBase,
      int outRow,
      int outBlock);

  /** Runs one generated variant of {@link #products}; those of odd number add. */
  abstract void runProducts(
      int variant,
      int count,
      int pixels,
      float[] in,
      int inBase,
      int inBlock,
      int inProduct,
      float[] gradient,
      int gradientBase,
      int gradientProduct,
      float[] out,
      int outBase,
      int outRow,
      int outProduct);

  /** Loads the class of one lane width only: the others may need a module that is not there. */
  private static final class Holder {
    static final FilterReduce INSTANCE =
        switch (Lanes.LANES) {
          case 16 -> new FilterReduce16();
          case 8 -> new FilterReduce8();
          case 4 -> new FilterReduce4();
          default -> new FilterReduceScalar();
        };
  }
}
