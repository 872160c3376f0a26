package dev.lanewise.kernels.simd;

import java.util.stream.IntStream;

/**
 * The heart of the library: for a strip of output pixels and one or two blocks of 16 output
 * channels, the sum over a list of taps of 16 input channels times a filter.
 *
 * <pre>
 * out[px][c] = init[px][c] + sum over taps t, sum over k &lt; terms of
 *              in[inBase + taps.input[t] + px * pixelStride + k]
 *            * filter[filterBase + taps.filter[t] + k * blocks * 16 + c]
 * </pre>
 *
 * A tap has 16 terms, the channels of a block, where pixels lie 16 or 32 floats apart. Where few
 * channels are packed densely and pixels lie 1 or 3 floats apart, it has three: of a row of RGB
 * pixels one pixel, of a row of grey ones three neighbours.
 *
 * <p>Convolution, matrix products and dense layers are loops around this one sum (Georganas et al.,
 * "Harnessing deep learning via a single building block", 2020). Each output element is a single
 * chain of fused multiply-adds in the order (tap, k), so the result has the same bits on every lane
 * width. The starting values may be a bias ({@code initPixel} 0) or the output so far.
 */
public abstract class BatchReduce {

  /** Channels of a block, whatever the lane width. */
  public static final int BLOCK = 16;

  /** Terms of a tap where channels are packed densely. */
  public static final int SHORT_TAP = 3;

  /** Floats from one pixel to the next that the generated methods know, in their order. */
  private static final int[] PIXEL_STRIDES = {BLOCK, 2 * BLOCK, 1, 3};

  /**
   * Pixels of the widest strip on 16 lanes. Costs are those of this width on every machine: plans
   * that are chosen by them must be the same everywhere, for another choice has other bits.
   */
  public static final int COST_PIXELS = 14;

  /** The same for taps of {@link #SHORT_TAP} terms. */
  private static final int SHORT_COST_PIXELS = 13;

  /** Call, loads of the starting values and stores of a strip, in the unit of {@link #cost}. */
  private static final double STRIP_OVERHEAD = 60;

  private final int lanes;
  private final int maxPixels;
  private final int maxShortPixels;
  private final int callChannels;
  private final WarmUp warmUp = new WarmUp(this);

  BatchReduce(int lanes, int maxPixels, int maxShortPixels, int vectors) {
    this.lanes = lanes;
    this.maxPixels = maxPixels;
    this.maxShortPixels = maxShortPixels;
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

  /** Pixels of the widest strip whose taps have 16 terms. */
  public final int maxPixels() {
    return maxPixels;
  }

  /** Pixels of the widest strip at a pixel stride. */
  public final int maxPixels(int pixelStride) {
    return pixelStride < BLOCK ? maxShortPixels : maxPixels;
  }

  /**
   * Computes one strip.
   *
   * @param pixelStride floats from one input pixel to the next: 16 or 32 for taps of 16 terms, 1 or
   *     3 for taps of {@link #SHORT_TAP}
   * @param blocks blocks of 16 output channels: 1 or 2; a filter row holds {@code blocks * 16}
   * @param pixels output pixels, 1 to {@link #maxPixels(int)}
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
   * Estimated work of neighbouring pixels, cut into even strips as on 16 lanes, in vector
   * multiply-adds of 16 lanes: loads and latency that multiply-adds cannot hide are counted as if
   * they were more of them.
   *
   * @param pixels any number of pixels
   * @param taps taps of 16 terms
   */
  public static double cost(int blocks, int pixels, int taps) {
    return cost(BLOCK, blocks, pixels, taps);
  }

  /**
   * The same for pixels that lie {@code pixelStride} floats apart, and the taps that go with it.
   */
  public static double cost(int pixelStride, int blocks, int pixels, int taps) {
    int terms = taps * terms(pixelStride);
    int strips = Math.ceilDiv(pixels, pixelStride < BLOCK ? SHORT_COST_PIXELS : COST_PIXELS);
    double perPixel = blocks == 1 ? 1.4 : 2.0;
    double perStrip = blocks == 1 ? 1.5 : 1.3;
    return terms * (perPixel * pixels + perStrip * strips) + STRIP_OVERHEAD * strips;
  }

  /** Terms of a tap at a pixel stride: 16 or {@link #SHORT_TAP}. */
  public static int terms(int pixelStride) {
    return pixelStride < BLOCK ? SHORT_TAP : BLOCK;
  }

  /** The pixel strides for which there are methods. */
  public static IntStream pixelStrides() {
    return IntStream.of(PIXEL_STRIDES);
  }

  /** Calls one variant until the compiler has done its best with it. */
  public final void warmUp(int pixelStride, int blocks, int pixels) {
    warmUp.run(variant(pixelStride, blocks, pixels), pixelStride, blocks, pixels);
  }

  private int variant(int pixelStride, int blocks, int pixels) {
    if (pixels < 1 || pixels > maxPixels(pixelStride)) {
      throw new IllegalArgumentException(
          "a strip has 1 to " + maxPixels(pixelStride) + " pixels, not " + pixels);
    }
    int walk = walk(pixelStride);
    if (walk < 0 || (blocks != 1 && blocks != 2)) {
      throw new IllegalArgumentException(
          "a strip has pixel stride 16, 32, 1 or 3 and 1 or 2 blocks, not "
              + pixelStride
              + ", "
              + blocks);
    }
    return (walk * 2 + blocks - 1) * maxPixels + pixels - 1;
  }

  private static int walk(int pixelStride) {
    for (int i = 0; i < PIXEL_STRIDES.length; i++) {
      if (PIXEL_STRIDES[i] == pixelStride) {
        return i;
      }
    }
    return -1;
  }

  /** The pixel stride of a variant. */
  static int pixelStride(int variant, int maxPixels) {
    return PIXEL_STRIDES[variant / (2 * maxPixels)];
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
