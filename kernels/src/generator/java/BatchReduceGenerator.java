import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Writes the batch-reduce micro-kernels, one class for each lane width, from one template.
 *
 * <p>A micro-kernel must be a single method whose accumulators are all local variables (a helper
 * that takes a vector costs a factor of 15), and its trip count and strides must be literals (a
 * variable trip count costs a factor of 4, a variable pixel stride a fifth). Variants that differ
 * only in such constants are therefore generated and never written by hand.
 */
final class BatchReduceGenerator implements KernelGenerator {

  private static final int BLOCK = 16;

  /**
   * A lane width with its register tile, chosen by measurement (see {@code verify kernels}).
   *
   * @param shortPixels pixels of the tile for taps of three terms: C2 unrolls their loop, and
   *     unrolled the widest tile of 16 lanes spills
   */
  private record Width(int lanes, int pixels, int shortPixels, int vectors) {
    int pixels(Walk walk) {
      return walk.trip < BLOCK ? shortPixels : pixels;
    }
  }

  private static final List<Width> WIDTHS =
      List.of(new Width(16, 14, 13, 2), new Width(8, 6, 6, 2), new Width(4, 6, 6, 2));

  /** The terms of a tap and the floats from one pixel's input to the next one's. */
  private record Walk(int trip, int pixelStride) {}

  /**
   * Blocks of 16 channels at pixel stride 1 and 2; three neighbouring floats of rows that hold one
   * or three channels a pixel. In the order of {@code BatchReduce.PIXEL_STRIDES}.
   */
  private static final List<Walk> WALKS =
      List.of(new Walk(BLOCK, BLOCK), new Walk(BLOCK, 2 * BLOCK), new Walk(3, 1), new Walk(3, 3));

  /** The literals of one generated method; {@code filterStride} is 16 x blocks of the filter. */
  private record Variant(int lanes, int pixels, int vectors, int filterStride, Walk walk) {
    String name() {
      return "tile%dx%dFilter%dPixel%d".formatted(pixels, vectors, filterStride, walk.pixelStride);
    }

    /**
     * Steps of k in the body of the loop. C2 unrolls the 3x2 body of 8 lanes once too often for 16
     * registers, and what spills costs a factor of 3; it leaves a body of two steps as it is.
     */
    int steps() {
      return lanes == 8 && pixels == 3 && walk.trip == BLOCK ? 2 : 1;
    }
  }

  @Override
  public List<JavaFile> files() {
    return WIDTHS.stream()
        .map(width -> new JavaFile("simd/BatchReduce" + width.lanes, type(width)))
        .toList();
  }

  private static List<Variant> variants(Width width) {
    List<Variant> variants = new ArrayList<>();
    for (Walk walk : WALKS) {
      for (int filterStride : new int[] {BLOCK, 2 * BLOCK}) {
        int vectors = Math.min(width.vectors, filterStride / width.lanes);
        for (int pixels = 1; pixels <= width.pixels(walk); pixels++) {
          variants.add(new Variant(width.lanes, pixels, vectors, filterStride, walk));
        }
      }
    }
    return variants;
  }

  private static String type(Width width) {
    List<Variant> variants = variants(width);
    return """
    package dev.lanewise.kernels.simd;

    import jdk.incubator.vector.FloatVector;
    import jdk.incubator.vector.VectorSpecies;

    /** The batch-reduce kernel on ${lanes} lanes, in tiles of up to ${tile} vectors. */
    final class BatchReduce${lanes} extends BatchReduce {

      private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_${bits};

      BatchReduce${lanes}() {
        super(${lanes}, ${pixels}, ${short-pixels}, ${vectors});
      }

      @Override
      void run(
          int variant,
          float[] in, int inBase, Taps taps,
          float[] filter, int filterBase,
          float[] init, int initBase, int initPixel, int initBlock,
          float[] out, int outBase, int outPixel, int outBlock) {
        int[] inTaps = taps.input();
        int[] filterTaps = taps.filter();
        int count = taps.count();
        switch (variant) {
    ${cases}      default -> throw new IllegalArgumentException("no variant " + variant);
        }
      }
    ${methods}}
    """
        .replace("${cases}", each(variants.size(), i -> call(width, variants.get(i))))
        .replace("${methods}", each(variants.size(), i -> microKernel(variants.get(i))))
        .replace("${tile}", width.pixels + " pixels x " + width.vectors)
        .replace("${lanes}", "" + width.lanes)
        .replace("${bits}", "" + width.lanes * Float.SIZE)
        .replace("${pixels}", "" + width.pixels)
        .replace("${short-pixels}", "" + width.shortPixels)
        .replace("${vectors}", "" + width.vectors);
  }

  private static String call(Width width, Variant variant) {
    int walk = WALKS.indexOf(variant.walk);
    int index = (walk * 2 + variant.filterStride / BLOCK - 1) * width.pixels + variant.pixels - 1;
    return """
          case ${index} -> ${name}(
              in, inBase, inTaps, filterTaps, count, filter, filterBase,
              init, initBase, initPixel, initBlock, out, outBase, outPixel, outBlock);
    """
        .replace("${index}", "" + index)
        .replace("${name}", variant.name());
  }

  private static String microKernel(Variant variant) {
    int pixels = variant.pixels;
    int vectors = variant.vectors;
    return """

      private static void ${name}(
          float[] in, int inBase, int[] inTaps, int[] filterTaps, int count,
          float[] filter, int filterBase,
          float[] init, int initBase, int initPixel, int initBlock,
          float[] out, int outBase, int outPixel, int outBlock) {
    ${loads}    for (int t = 0; t < count; t++) {
          int p = inBase + inTaps[t];
          int w = filterBase + filterTaps[t];
          for (int k = 0; k < ${trip}; k += ${steps}) {
            FloatVector x;
    ${body}      }
        }
    ${stores}  }
    """
        .replace("${loads}", each(pixels, vectors, (p, v) -> load(variant, p, v)))
        .replace("${body}", each(variant.steps(), k -> step(variant, k)))
        .replace("${stores}", each(pixels, vectors, (p, v) -> store(variant, p, v)))
        .replace("${name}", variant.name())
        .replace("${trip}", "" + variant.walk.trip)
        .replace("${steps}", "" + variant.steps());
  }

  private static String load(Variant variant, int pixel, int vector) {
    return "    FloatVector a%d_%d = FloatVector.fromArray(SPECIES, init, %s);\n"
        .formatted(pixel, vector, place("init", variant, pixel, vector));
  }

  /** Multiplies one input channel of each pixel with one row of the filter. */
  private static String step(Variant variant, int k) {
    String loads =
        each(
            variant.vectors,
            v ->
                "        FloatVector f%d_%d = FloatVector.fromArray(SPECIES, filter, w + %d);\n"
                    .formatted(k, v, v * variant.lanes));
    return loads
        + each(variant.pixels, p -> products(variant, k, p))
        + "        w += %d;\n".formatted(variant.filterStride);
  }

  private static String products(Variant variant, int k, int pixel) {
    return "        x = FloatVector.broadcast(SPECIES, in[p + k + %d]);\n"
            .formatted(k + pixel * variant.walk.pixelStride)
        + each(
            variant.vectors,
            v -> "        a%1$d_%3$d = x.fma(f%2$d_%3$d, a%1$d_%3$d);\n".formatted(pixel, k, v));
  }

  private static String store(Variant variant, int pixel, int vector) {
    return "    a%d_%d.intoArray(out, %s);\n"
        .formatted(pixel, vector, place("out", variant, pixel, vector));
  }

  /**
   * Where a vector of a pixel lies: the next channel block is a stride away, not the next lanes.
   */
  private static String place(String array, Variant variant, int pixel, int vector) {
    int channel = vector * variant.lanes;
    return array
        + "Base"
        + (pixel == 0 ? "" : " + %d * %sPixel".formatted(pixel, array))
        + (channel < BLOCK ? "" : " + " + array + "Block")
        + (channel % BLOCK == 0 ? "" : " + " + channel % BLOCK);
  }

  private interface PixelAndVector {
    String line(int pixel, int vector);
  }

  private static String each(int pixels, int vectors, PixelAndVector line) {
    return each(pixels, p -> each(vectors, v -> line.line(p, v)));
  }

  private static String each(int count, IntFunction<String> line) {
    return Lines.each(count, line);
  }
}
