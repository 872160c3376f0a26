package dev.lanewise.kernels.simd;

import java.util.List;

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
 * A tap has 16 terms, the channels of a block, where pixels lie 16 or 32 floats apart, or eight,
 * those of half a block, where they lie 16 apart. Where few channels are packed densely, it has
 * three (of a row of RGB pixels one pixel, of a row of grey ones three neighbours) or those of a
 * whole kernel row of RGB pixels: {@link #walks}.
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

  /** Terms of a tap that is half a block, for pixels of which half a block is padding. */
  public static final int HALF_TAP = BLOCK / 2;

  /**
   * What is a literal in a generated method beside its tile.
   *
   * @param terms terms of a tap
   * @param pixelStride floats from one input pixel to the next
   * @param dense whether all pixels start from the same values and the output's lie side by side
   * @param regular whether the taps are equally far apart and their filters follow each other
   */
  public record Walk(int terms, int pixelStride, boolean dense, boolean regular) {

    /** A dense walk along a table: {@code initPixel} is 0 and {@code outPixel} is 16. */
    public Walk(int terms, int pixelStride) {
      this(terms, pixelStride, true, false);
    }

    private int key() {
      return key(terms, pixelStride, dense, regular);
    }

    private static int key(int terms, int pixelStride, boolean dense, boolean regular) {
      return terms << 8 | pixelStride << 2 | (dense ? 2 : 0) | (regular ? 1 : 0);
    }
  }

  /** In the order of the generated methods; five are rows of 3, 5, 7 and 11 RGB pixels. */
  private static final List<Walk> WALKS =
      List.of(
          new Walk(BLOCK, BLOCK),
          new Walk(BLOCK, 2 * BLOCK),
          new Walk(SHORT_TAP, 1),
          new Walk(SHORT_TAP, 3),
          new Walk(9, 3),
          new Walk(9, 6),
          new Walk(15, 3),
          new Walk(21, 6),
          new Walk(33, 12),
          new Walk(HALF_TAP, BLOCK),
          new Walk(BLOCK, BLOCK, false, false),
          new Walk(BLOCK, BLOCK, true, true),
          new Walk(BLOCK, BLOCK, false, true));

  /**
   * The walks in one cache line. Each call looks one up after a filter has streamed through the
   * first-level cache: with the records of the list, a line each, it took 150 cycles more.
   */
  private static final int[] KEYS = WALKS.stream().mapToInt(Walk::key).toArray();

  /**
   * Pixels of the widest strip on 16 lanes. Costs are those of this width on every machine: plans
   * that are chosen by them must be the same everywhere, for another choice has other bits.
   */
  public static final int COST_PIXELS = 14;

  /** The same for taps of {@link #SHORT_TAP} terms. */
  private static final int SHORT_COST_PIXELS = 12;

  /** Widest strip of two blocks for which there are methods of regular taps. */
  private static final int REGULAR_PIXELS = 12;

  /** Call of a strip, in the unit of {@link #cost}. */
  private static final double STRIP = 60;

  /** Starting value and store of a vector. */
  private static final double STORE = 2;

  /**
   * A term of a strip of one or two pixels: too few sums to hide latency and the filter's loads.
   */
  private static final double LEAST_PER_TERM = 5.3;

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

  /** Pixels of the widest strip of a walk. */
  public final int maxPixels(Walk walk) {
    return maxPixels(walk.terms);
  }

  /**
   * Whether there is a method for strips of a walk: wide ones always take their taps by a table.
   */
  public final boolean knows(Walk walk, int blocks, int pixels) {
    return pixels <= maxPixels(walk) && !(walk.regular && blocks == 2 && pixels > REGULAR_PIXELS);
  }

  /** The same for taps of so many terms. */
  public final int maxPixels(int terms) {
    return terms == SHORT_TAP ? maxShortPixels : maxPixels;
  }

  /**
   * Computes any number of neighbouring pixels, cut into strips as even as they can be.
   *
   * @param pixelStride floats from one input pixel to the next: {@link #walks} lists which there
   *     are for taps of so many terms; others than 16 want {@code initPixel} 0 and {@code outPixel}
   *     16
   * @param blocks blocks of 16 output channels: 1 or 2; a filter row holds {@code blocks * 16}
   * @param pixels output pixels, from none on
   * @param in input; {@code inBase} is where the first pixel lies
   * @param taps the terms of the sum
   * @param filter packed filter; {@code filterBase} is where the output channels begin
   * @param init starting values; {@code initPixel} and {@code initBlock} are the floats from one
   *     pixel and one block to the next
   * @param out output, addressed like {@code init}
   * @throws IllegalArgumentException if the stride or the blocks are others
   * @throws IndexOutOfBoundsException if an operand is too short
   */
  public final void pixels(
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
    int count = Math.ceilDiv(pixels, maxPixels(taps.terms()));
    for (int strip = 0, first = 0, together; strip < count; strip += together) {
      // The wider strips come first.
      int wide = pixels % count;
      together = (strip < wide ? wide : count) - strip;
      int width = pixels / count + (strip < wide ? 1 : 0);
      strips(
          pixelStride,
          blocks,
          width,
          together,
          in,
          inBase + first * pixelStride,
          taps,
          filter,
          filterBase,
          init,
          initBase + first * initPixel,
          initPixel,
          initBlock,
          out,
          outBase + first * outPixel,
          outPixel,
          outBlock);
      first += together * width;
    }
  }

  /**
   * Computes neighbouring strips of equal width in one call, which saves up to 100 cycles a strip,
   * a twentieth of one of 64 terms; operands as in {@link #pixels}.
   *
   * @param width output pixels of each strip, 1 to {@link #maxPixels(Walk)}
   * @param strips how many
   * @throws IllegalArgumentException if the stride, the blocks or the width are others
   * @throws IndexOutOfBoundsException if an operand is too short
   */
  public final void strips(
      int pixelStride,
      int blocks,
      int width,
      int strips,
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
    boolean dense = initPixel == 0 && outPixel == BLOCK;
    int walk = walk(taps.terms(), pixelStride, dense, regular(taps, pixelStride, blocks, width));
    int tile = tile(taps.terms(), blocks, width);
    for (int c = 0; c < blocks * BLOCK; c += callChannels) {
      int block = c / BLOCK;
      int lane = c % BLOCK;
      run(
          walk,
          tile,
          1,
          strips,
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
   * Computes any number of neighbouring pixels for pair after pair of output blocks, whose filters
   * and outputs follow each other; operands as in {@link #pixels}.
   *
   * <p>Between two calls some 400 cycles pass while a filter streams in, since by then the first
   * level has lost what a call looks up: where strips are of one width, a single call does it all.
   *
   * @param pairs pairs of blocks, {@code outBlock} floats from one block to the next
   */
  public final void pairs(
      int pairs,
      int pixels,
      float[] in,
      int inBase,
      Taps taps,
      float[] filter,
      int filterBase,
      float[] init,
      int initBase,
      float[] out,
      int outBase,
      int outBlock) {
    int strips = Math.ceilDiv(pixels, maxPixels);
    int width = strips == 0 ? 0 : pixels / strips;
    boolean even = width * strips == pixels && strips > 0;
    if (even && regular(taps, BLOCK, 2, width)) {
      run(
          walk(BLOCK, BLOCK, true, true),
          tile(BLOCK, 2, width),
          pairs,
          strips,
          in,
          inBase,
          taps,
          filter,
          filterBase,
          init,
          initBase,
          0,
          0,
          out,
          outBase,
          BLOCK,
          outBlock);
      return;
    }
    for (int pair = 0; pair < pairs; pair++) {
      pixels(
          BLOCK,
          2,
          pixels,
          in,
          inBase,
          taps,
          filter,
          filterBase + pair * taps.count() * BLOCK * 2 * BLOCK,
          init,
          initBase,
          0,
          0,
          out,
          outBase + 2 * pair * outBlock,
          BLOCK,
          outBlock);
    }
  }

  /** Whether there are methods for the taps' steps: on 16 lanes alone they are faster. */
  private static boolean regular(Taps taps, int pixelStride, int blocks, int pixels) {
    return Lanes.LANES == BLOCK
        && (blocks == 1 || pixels <= REGULAR_PIXELS)
        && taps.terms() == BLOCK
        && pixelStride == BLOCK
        && taps.regular(BLOCK * blocks * BLOCK);
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
    return cost(WALKS.getFirst(), blocks, pixels, taps);
  }

  /** The same for the taps of a walk. */
  public static double cost(Walk walk, int blocks, int pixels, int taps) {
    double terms = (double) taps * walk.terms;
    int strips = Math.ceilDiv(pixels, walk.terms == SHORT_TAP ? SHORT_COST_PIXELS : COST_PIXELS);
    double perTerm =
        blocks == 1 ? 1.36 * pixels + strips : Math.max(2.09 * pixels, LEAST_PER_TERM * strips);
    return terms * perTerm + STRIP * strips + STORE * blocks * pixels;
  }

  /** The walks for which there are methods on this machine's lanes. */
  public static List<Walk> walks() {
    return WALKS.stream().filter(walk -> !walk.regular || Lanes.LANES == BLOCK).toList();
  }

  /** Whether there is a dense walk; loops ask this row by row, so nothing is allocated. */
  public static boolean knows(int terms, int pixelStride) {
    int key = Walk.key(terms, pixelStride, true, false);
    for (int i = 0; i < KEYS.length; i++) {
      if (KEYS[i] == key) {
        return true;
      }
    }
    return false;
  }

  /**
   * Warms up what a call with these operands needs.
   *
   * @param dense whether {@code initPixel} is 0 and {@code outPixel} 16
   * @param pixels output pixels of a strip
   */
  public final void warmUp(int pixelStride, int blocks, int pixels, Taps taps, boolean dense) {
    boolean regular = regular(taps, pixelStride, blocks, pixels);
    warmUp(new Walk(taps.terms(), pixelStride, dense, regular), blocks, pixels);
  }

  /** Calls one variant until the compiler has done its best with it. */
  public final void warmUp(Walk walk, int blocks, int pixels) {
    int index = walk(walk.terms, walk.pixelStride, walk.dense, walk.regular);
    int variant = index * 2 * maxPixels + tile(walk.terms, blocks, pixels);
    warmUp.run(variant, walk, blocks, pixels);
  }

  private int tile(int terms, int blocks, int pixels) {
    if (pixels < 1 || pixels > maxPixels(terms) || (blocks != 1 && blocks != 2)) {
      throw new IllegalArgumentException(
          "a strip has 1 to "
              + maxPixels(terms)
              + " pixels and 1 or 2 blocks, not "
              + pixels
              + ", "
              + blocks);
    }
    return (blocks - 1) * maxPixels + pixels - 1;
  }

  private static int walk(int terms, int pixelStride, boolean dense, boolean regular) {
    int key = Walk.key(terms, pixelStride, dense, regular);
    for (int i = 0; i < KEYS.length; i++) {
      if (KEYS[i] == key) {
        return i;
      }
    }
    throw new IllegalArgumentException(
        "no methods for taps of %d terms, pixel stride %d and %s output"
            .formatted(terms, pixelStride, dense ? "dense" : "scattered"));
  }

  /**
   * Runs one generated variant on strips side by side; it covers up to {@code lanes x vectors}
   * output channels.
   *
   * @param groups groups of so many output channels, more than one in dense regular walks alone
   */
  abstract void run(
      int walk,
      int tile,
      int groups,
      int strips,
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
