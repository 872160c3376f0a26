package dev.lanewise.kernels.simd;

/**
 * The heart of the library: for a strip of output pixels and one or two blocks of 16 output
 * channels, the sum over a list of taps of 16 input channels times a filter.
 *
 * <pre>
 * out[px][c] = init[px][c] + sum over taps t, sum over k &lt; 16 of
 *              in[inBase + taps.input[t] + px * pixelStride + k]
 *            * filter[filterBase + taps.filter[t] + k * blocks * 16 + c]
 * </pre>
 *
 * Convolution, matrix products and dense layers are loops around this one sum (Georganas et al.,
 * "Harnessing deep learning via a single building block", 2020). Each output element is a single
 * chain of fused multiply-adds in the order (tap, k), so the result has the same bits on every lane
 * width. The starting values may be a bias ({@code initPixel} 0) or the output so far.
 */
public abstract class BatchReduce {

  /** Channels of a block, whatever the lane width. */
  public static final int BLOCK = 16;

  /** Call, loads of the starting values and stores, in the unit of {@link #cost}. */
  private static final double STRIP_OVERHEAD = 60;

  private final int lanes;
  private final int maxPixels;
  private final int callChannels;
  private final WarmUp warmUp = new WarmUp(this);

  BatchReduce(int lanes, int maxPixels, int vectors) {
    this.lanes = lanes;
    this.maxPixels = maxPixels;
    this.callChannels = lanes * vectors;
  }

  /** The implementation for this machine's lanes. */
  public static BatchReduce get() {
    return Holder.INSTANCE;
  }

  /** Floats of a vector register, or 1 for the scalar fallback. */
  public final int lanes() {
    return lanes;
  }

  /** Pixels of the widest strip. */
  public final int maxPixels() {
    return maxPixels;
  }

  /**
   * Computes one strip.
   *
   * @param pixelStride floats from one input pixel to the next: 16 or 32
   * @param blocks blocks of 16 output channels: 1 or 2; a filter row holds {@code blocks * 16}
   * @param pixels output pixels, 1 to {@link #maxPixels()}
   * @param in input; {@code inBase} is where the first pixel lies
   * @param taps the terms of the sum
   * @param filter packed filter; {@code filterBase} is where the strip's output channels begin
   * @param init starting values; {@code initPixel} and {@code initBlock} are the floats from one
   *     pixel and one block to the next
   * @param out output, addressed like {@code init}
   * @throws IllegalArgumentException if the stride, blocks or pixels are others
   * @throws IndexOutOfBoundsException if an operand is too short
   */
  public final void strip(
      int pixelStride,
      int blocks,
      int pixels,
      float[] in,
      int inBase,
      Taps taps,
      float[] filter,
      int filterBase,
      float[] init,
      int initBase,
      int initPixel,
      int initBlock,
      float[] out,
      int outBase,
      int outPixel,
      int outBlock) {
    int variant = variant(pixelStride, blocks, pixels);
    int channels = blocks * BLOCK;
    for (int c = 0; c < channels; c += callChannels) {
      int block = c / BLOCK;
      int lane = c % BLOCK;
      run(
          variant,
          in,
          inBase,
          taps,
          filter,
          filterBase + c,
          init,
          initBase + block * initBlock + lane,
          initPixel,
          initBlock,
          out,
          outBase + block * outBlock + lane,
          outPixel,
          outBlock);
    }
  }

  /**
   * Estimated work of one strip, in vector multiply-adds of 16 lanes: loads and latency that
   * multiply-adds cannot hide are counted as if they were more of them.
   */
  public final double cost(int blocks, double pixels, int taps) {
    double perRow = blocks == 1 ? 1.4 * pixels + 1.5 : 2.0 * pixels + 1.3;
    return taps * BLOCK * perRow + STRIP_OVERHEAD;
  }

  /** Calls one variant until the compiler has done its best with it. */
  public final void warmUp(int pixelStride, int blocks, int pixels) {
    warmUp.run(variant(pixelStride, blocks, pixels), pixelStride, blocks, pixels);
  }

  private int variant(int pixelStride, int blocks, int pixels) {
    if (pixels < 1 || pixels > maxPixels) {
      throw new IllegalArgumentException(
          "a strip has 1 to " + maxPixels + " pixels, not " + pixels);
    }
    if ((pixelStride != BLOCK && pixelStride != 2 * BLOCK) || (blocks != 1 && blocks != 2)) {
      throw new IllegalArgumentException(
          "a strip has pixel stride 16 or 32 and 1 or 2 blocks, not "
              + pixelStride
              + ", "
              + blocks);
    }
    return ((pixelStride / BLOCK - 1) * 2 + blocks - 1) * maxPixels + pixels - 1;
  }

  /** Runs one generated variant, which covers up to {@code lanes x vectors} output channels. */
  abstract void run(
      int variant,
      float[] in,
      int inBase,
      Taps taps,
      float[] filter,
      int filterBase,
      float[] init,
      int initBase,
      int initPixel,
      int initBlock,
      float[] out,
      int outBase,
      int outPixel,
      int outBlock);

  /** Loads the class of one lane width only: the others may need a module that is not there. */
  private static final class Holder {
    static final BatchReduce INSTANCE =
        switch (Lanes.LANES) {
          case 16 -> new BatchReduce16();
          case 8 -> new BatchReduce8();
          case 4 -> new BatchReduce4();
          default -> new BatchReduceScalar();
        };
  }
}
