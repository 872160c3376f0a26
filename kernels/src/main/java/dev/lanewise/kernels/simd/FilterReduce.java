package dev.lanewise.kernels.simd;

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
    for (int i = 0; i < TRIPS.length; i++) {
      if (TRIPS[i] == length) {
        return i;
      }
    }
    throw new IllegalArgumentException("no runs of " + length + " pixels");
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
