package dev.lanewise.kernels.simd;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sum of the gradient by filter: for 8 output channels and one to three blocks of 16 input
 * channels (of several channel blocks, or of neighbouring taps), over runs of pixels.
 *
 * <pre>
 * out[r][b][c] = init[r][b][c] + sum over runs i, sum over k &lt; trip of
 *                gradient[gradientBase + pieces.gradient[i] + k * 16 + r]
 *              * in[inBase + pieces.input[i] + k * inPixel + b * inBlock + c]
 * </pre>
 *
 * Each element is a single chain of fused multiply-adds in the order (run, pixel), so the result
 * has the same bits on every lane width.
 */
public abstract class FilterReduce {

  /** Output channels of one call. */
  public static final int ROWS = 8;

  /** Most blocks of 16 input channels of one call. */
  public static final int MOST_BLOCKS = 3;

  private static final int BLOCK = BatchReduce.BLOCK;

  private static final int[] TRIPS = {112, 28, 14, 7, 1};

  private static final int[] PRODUCT_TRIPS = {28, 16, 14, 8, 7, 4};

  /** Runs of a call that warms up: enough for C2 to see its loops go on and end. */
  private static final int WARM_RUNS = 2;

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

  /** Lengths of runs, descending, that there are kernels for; the last is 1. */
  public static int[] trips() {
    return TRIPS.clone();
  }

  /**
   * Sums over runs of pixels.
   *
   * @param inPixel floats from one input pixel to the next: 16 or 32
   * @param blocks blocks of 16 input channels, 1 to 3
   * @param init starting values; {@code initRow} and {@code initBlock} are the floats from one
   *     output channel and one block to the next
   * @param out addressed like {@code init}
   * @throws IllegalArgumentException if the pixel distance, blocks or trip are others
   * @throws IndexOutOfBoundsException if an operand is too short
   */
  public final void sum(
      int inPixel,
      int blocks,
      float[] in,
      int inBase,
      int inBlock,
      float[] gradient,
      int gradientBase,
      Pieces pieces,
      float[] init,
      int initBase,
      int initRow,
      int initBlock,
      float[] out,
      int outBase,
      int outRow,
      int outBlock) {
    if ((inPixel != BLOCK && inPixel != 2 * BLOCK) || blocks < 1 || blocks > MOST_BLOCKS) {
      throw new IllegalArgumentException(
          "a sum has pixels 16 or 32 apart and 1 to 3 blocks, not " + inPixel + ", " + blocks);
    }
    int step = Math.min(blocks, tileBlocks);
    int variant =
        ((inPixel / BLOCK - 1) * tileBlocks + step - 1) * TRIPS.length + trip(pieces.trip());
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
              pieces,
              init,
              initBase + r * initRow + b * initBlock + c,
              initRow,
              initBlock,
              out,
              outBase + r * outRow + b * outBlock + c,
              outRow,
              outBlock);
        }
      }
    }
  }

  private static int trip(int length) {
    return index(TRIPS, length);
  }

  private static int index(int[] trips, int length) {
    for (int i = 0; i < trips.length; i++) {
      if (trips[i] == length) {
        return i;
      }
    }
    throw new IllegalArgumentException("no runs of " + length + " pixels");
  }

  /** Lengths of the runs of {@link #products}, descending. */
  public static int[] productTrips() {
    return PRODUCT_TRIPS.clone();
  }

  /**
   * The sums of a number of products, such as those of Winograd's algorithm, each over the same
   * pixels, 16 floats apart:
   *
   * <pre>
   * out[p][r][b][c] = (out[p][r][b][c] +) sum over k &lt; runs * trip of
   *                   gradient[gradientBase + p * gradientProduct + k * 16 + r]
   *                 * in[inBase + p * inProduct + k * 16 + b * inBlock + c]
   * </pre>
   *
   * <p>Each element is a single chain in the order of the pixels.
   *
   * @param add whether sums begin with what is there, not with zero
   * @param count products
   * @param trip one of {@link #productTrips()}
   * @throws IllegalArgumentException if the blocks or trip are others
   * @throws IndexOutOfBoundsException if an operand is too short
   */
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
    if (blocks < 1 || blocks > MOST_BLOCKS) {
      throw new IllegalArgumentException("products have 1 to 3 blocks, not " + blocks);
    }
    int step = Math.min(blocks, tileBlocks);
    int variant =
        2 * ((step - 1) * PRODUCT_TRIPS.length + index(PRODUCT_TRIPS, trip)) + (add ? 1 : 0);
    for (int b = 0; b < blocks; b += step) {
      for (int c = 0; c < BLOCK; c += tileChannels) {
        for (int r = 0; r < ROWS; r += tileRows) {
          runProducts(
              variant,
              count,
              runs,
              in,
              inBase + b * inBlock + c,
              inBlock,
              inProduct,
              gradient,
              gradientBase + r,
              gradientProduct,
              out,
              outBase + r * outRow + b * outBlock + c,
              outRow,
              outBlock,
              outProduct);
        }
      }
    }
  }

  /** Calls {@link #sum} for such runs until it is compiled. */
  public final void warmUp(int inPixel, int blocks, int trip) {
    if (Lanes.vectorised()
        && warm.add(inPixel * BLOCK * TRIPS.length + blocks * BLOCK + trip(trip))) {
      float[] in = new float[trip * inPixel];
      float[] gradient = new float[trip * BLOCK];
      float[] out = new float[ROWS * BLOCK];
      Pieces pieces = new Pieces(trip, new int[WARM_RUNS], new int[WARM_RUNS]);
      WarmUp.drive(
          () ->
              sum(
                  inPixel, blocks, in, 0, 0, gradient, 0, pieces, out, 0, BLOCK, 0, out, 0, BLOCK,
                  0),
          compiledNanos(WARM_RUNS * trip * blocks));
    }
  }

  /** Calls {@link #products} for such runs until it is compiled. */
  public final void warmUpProducts(boolean add, int blocks, int trip) {
    int variant = (blocks * PRODUCT_TRIPS.length + index(PRODUCT_TRIPS, trip)) * 2 + (add ? 1 : 0);
    if (Lanes.vectorised() && warm.add(-variant)) {
      float[] in = new float[WARM_RUNS * trip * BLOCK];
      float[] gradient = new float[in.length];
      float[] out = new float[ROWS * BLOCK];
      WarmUp.drive(
          () ->
              products(
                  add, WARM_RUNS, WARM_RUNS, trip, blocks, in, 0, 0, 0, gradient, 0, 0, out, 0,
                  BLOCK, 0, 0),
          compiledNanos(WARM_RUNS * WARM_RUNS * trip * blocks));
    }
  }

  /** More than so many pixels and blocks take once they are compiled, and far less than before. */
  private static long compiledNanos(int products) {
    return 500 + 2L * products * ROWS * BLOCK / Lanes.LANES;
  }

  /** Runs one generated variant. */
  abstract void run(
      int variant,
      float[] in,
      int inBase,
      int inBlock,
      float[] gradient,
      int gradientBase,
      Pieces pieces,
      float[] init,
      int initBase,
      int initRow,
      int initBlock,
      float[] out,
      int outBase,
      int outRow,
      int outBlock);

  /** Runs one generated variant of {@link #products}; those of odd number add. */
  abstract void runProducts(
      int variant,
      int count,
      int runs,
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
