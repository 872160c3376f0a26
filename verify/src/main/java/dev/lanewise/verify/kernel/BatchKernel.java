package dev.lanewise.verify.kernel;

import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.Taps;
import dev.lanewise.verify.check.Data;
import java.util.ArrayList;
import java.util.List;

/** A strip of output pixels of the batch-reduce kernel. */
public final class BatchKernel implements MicroKernel {

  /** Enough products a call that loading and storing the accumulators hardly counts. */
  private static final int TERMS = 96 * BatchReduce.BLOCK;

  /** Filter rows that the taps share: at most 12 kB. */
  private static final int FILTER_ROWS = 6 * BatchReduce.BLOCK;

  /** Strips of a call whose taps are regular, for which the filter has no more rows than that. */
  private static final int STRIPS = 8;

  private static final int BLOCK = BatchReduce.BLOCK;

  private final BatchReduce.Walk walk;
  private final int blocks;
  private final int pixels;
  private final float[] input;
  private final float[] filter;
  private final float[] init;
  private final int outPixel;
  private final float[] output;
  private final Taps taps;
  private final int terms;
  private final int strips;

  private BatchKernel(BatchReduce.Walk walk, int blocks, int pixels) {
    this.walk = walk;
    this.blocks = blocks;
    this.pixels = pixels;
    Data data = new Data(1);
    filter = data.reals(FILTER_ROWS * BLOCK * blocks);
    init = new float[BLOCK];
    outPixel = walk.dense() ? BLOCK : 2 * BLOCK;
    int filters = FILTER_ROWS / walk.terms();
    int count = walk.regular() ? filters : TERMS / walk.terms();
    strips = walk.regular() ? STRIPS : 1;
    input = data.reals((strips * pixels - 1) * walk.pixelStride() + FILTER_ROWS);
    output = new float[blocks * strips * pixels * outPixel];
    terms = count * walk.terms();
    int[] inputTaps = new int[count];
    int[] filterTaps = new int[count];
    for (int t = 0; t < count; t++) {
      inputTaps[t] = t % filters * walk.terms();
      filterTaps[t] = t % filters * walk.terms() * BLOCK * blocks;
    }
    taps = new Taps(inputTaps, filterTaps, walk.terms());
  }

  /** Every method that the generator makes for this machine's lanes. */
  static List<BatchKernel> all() {
    List<BatchKernel> variants = new ArrayList<>();
    for (BatchReduce.Walk walk : BatchReduce.walks()) {
      for (int blocks = 1; blocks <= 2; blocks++) {
        for (int pixels = 1; BatchReduce.get().knows(walk, blocks, pixels); pixels++) {
          variants.add(new BatchKernel(walk, blocks, pixels));
        }
      }
    }
    return variants;
  }

  /**
   * The method for taps of 16 terms and output whose pixels lie side by side.
   *
   * @throws IllegalArgumentException if the generator makes no such method for this machine's lanes
   */
  public static BatchKernel of(int pixelStride, int blocks, int pixels) {
    return all().stream()
        .filter(variant -> variant.walk.equals(new BatchReduce.Walk(BLOCK, pixelStride)))
        .filter(variant -> variant.blocks == blocks && variant.pixels == pixels)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no method of pixel stride %d, %d blocks, %d pixels"
                        .formatted(pixelStride, blocks, pixels)));
  }

  @Override
  public String family() {
    return "batch";
  }

  @Override
  public String tile() {
    return pixels + "x" + vectors();
  }

  @Override
  public String variant() {
    return "%d channels, %d terms, pixel stride %d, %s output, %s taps"
        .formatted(
            blocks * BLOCK,
            walk.terms(),
            walk.pixelStride(),
            walk.dense() ? "dense" : "scattered",
            walk.regular() ? "regular" : "listed");
  }

  @Override
  public double expected() {
    return Expectation.fraction(pixels, vectors());
  }

  @Override
  public long flops() {
    return 2L * terms * strips * pixels * blocks * BLOCK;
  }

  @Override
  public void run(int calls) {
    BatchReduce kernel = BatchReduce.get();
    for (int i = 0; i < calls; i++) {
      kernel.strips(
          walk.pixelStride(),
          blocks,
          pixels,
          strips,
          input,
          0,
          taps,
          filter,
          0,
          init,
          0,
          0,
          0,
          output,
          0,
          outPixel,
          strips * pixels * outPixel);
    }
  }

  /** Vectors that one call holds for each pixel. */
  private int vectors() {
    return Math.max(1, Math.min(2, blocks * BLOCK / BatchReduce.get().lanes()));
  }
}
