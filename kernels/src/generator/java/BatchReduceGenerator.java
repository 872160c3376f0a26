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
 *
 * <p>Activations are a pass of their own over some strips, 2.1 cycles a vector where it begins at a
 * cache line and 3 where it does not, as loads and stores alone. Tried in the stores, by comparison
 * and blend (14x2 and 12x2, one Zen 4 core): one bound costs 0.5 and 1.4 cycles, which would save a
 * tenth of sums of 16 terms and 3 per cent of sums of 64; two bounds cost 2.8 and 3.8, which saves
 * next to nothing. A loop over the strip's outputs in the same method is slower than the pass. Sums
 * of 16 terms are a twentieth faster in strips of 12 pixels than of 14, those of 32 and more are
 * not.
 */
final class BatchReduceGenerator implements KernelGenerator {

  private static final int BLOCK = 16;
  private static final int SHORT_TAP = 3;

  /** Widest tile of two vectors of 16 lanes that takes a step in place of a table. */
  private static final int REGULAR_PIXELS = 12;

  /**
   * A lane width with its register tile, chosen by measurement (see {@code verify kernels}).
   *
   * @param shortPixels pixels of the tile for taps of three terms: C2 unrolls their loop, and
   *     unrolled the widest tile of 16 lanes spills
   */
  private record Width(int lanes, int pixels, int shortPixels, int vectors) {
    int pixels(Walk walk, int filterStride) {
      if (walk.regular && filterStride > BLOCK) {
        return REGULAR_PIXELS;
      }
      return walk.trip == SHORT_TAP ? shortPixels : pixels;
    }

    /** Regular walks, the last ones, are for 16 lanes. */
    int walks() {
      return lanes == BLOCK ? WALKS.size() : (int) WALKS.stream().filter(w -> !w.regular).count();
    }
  }

  private static final List<Width> WIDTHS =
      List.of(new Width(16, 14, 12, 2), new Width(8, 6, 3, 2), new Width(4, 6, 3, 2));

  /**
   * The terms of a tap, the floats from one pixel's input to the next one's, and whether all pixels
   * start from one bias and are stored side by side: with 28 variable places less to compute a
   * whole layer with 64 terms takes about 3 % less time.
   *
   * <p>Where taps are regular, a method takes their step in place of a table. Along a table C2 runs
   * out of general registers and keeps the table's address in a vector register. Reading it back
   * waits behind the multiply-adds in progress, so that those of the next tap start late: 25 to 30
   * cycles a tap, a tenth of the time of an 8x2 tile. Only tiles of 13x2 and more leave it no
   * vector register to do so, and are faster along a table, by 30 cycles a strip; {@code
   * -XX:-UseFPUForSpilling} forbids it altogether. Narrow lanes have no regular methods: of 16
   * registers C2 spills some there, and 6x2 falls from 0.99 to 0.4 of the peak.
   */
  private record Walk(int trip, int pixelStride, boolean dense, boolean regular) {
    Walk(int trip, int pixelStride) {
      this(trip, pixelStride, true, false);
    }

    /** Whether a method goes on to the filters and outputs of further channels. */
    boolean isGrouped() {
      return dense && regular;
    }

    String name() {
      return "Terms%dPixel%d%s%s"
          .formatted(trip, pixelStride, dense ? "" : "Scattered", regular ? "Regular" : "");
    }
  }

  /**
   * Blocks of 16 channels at pixel stride 1 and 2; three neighbouring floats of rows that hold one
   * or three channels a pixel; whole kernel rows of 3, 7 and 11 RGB pixels at the strides of the
   * stems that have them; halves of blocks. In the order of {@code BatchReduce.walks()}.
   */
  private static final List<Walk> WALKS =
      List.of(
          new Walk(BLOCK, BLOCK),
          new Walk(BLOCK, 2 * BLOCK),
          new Walk(SHORT_TAP, 1),
          new Walk(SHORT_TAP, 3),
          new Walk(3 * 3, 3),
          new Walk(3 * 3, 2 * 3),
          new Walk(5 * 3, 3),
          new Walk(7 * 3, 2 * 3),
          new Walk(11 * 3, 4 * 3),
          new Walk(BLOCK / 2, BLOCK),
          new Walk(BLOCK, BLOCK, false, false),
          new Walk(BLOCK, BLOCK, true, true),
          new Walk(BLOCK, BLOCK, false, true));

  /** The literals of one generated method; {@code filterStride} is 16 x blocks of the filter. */
  private record Variant(int lanes, int pixels, int vectors, int filterStride, Walk walk) {
    String name() {
      return "tile%dx%dFilter%d%s".formatted(pixels, vectors, filterStride, walk.name());
    }

    /**
     * Steps of k in the body of the loop. C2 unrolls the 3x2 body of 8 lanes once too often for 16
     * registers, and what spills costs a factor of 3; it leaves a body of two steps as it is.
     */
    int steps() {
      return lanes == 8 && pixels == 3 && walk.trip % (BLOCK / 2) == 0 ? 2 : 1;
    }
  }

  @Override
  public List<JavaFile> files() {
    return WIDTHS.stream()
        .map(width -> new JavaFile("simd/BatchReduce" + width.lanes, type(width)))
        .toList();
  }

  private static List<Variant> variants(Width width, Walk walk) {
    List<Variant> variants = new ArrayList<>();
    for (int filterStride : new int[] {BLOCK, 2 * BLOCK}) {
      int vectors = Math.min(width.vectors, filterStride / width.lanes);
      for (int pixels = 1; pixels <= width.pixels(walk, filterStride); pixels++) {
        variants.add(new Variant(width.lanes, pixels, vectors, filterStride, walk));
      }
    }
    return variants;
  }

  private static String type(Width width) {
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
          int walk, int tile, int groups, int strips,
          float[] in, int inBase, Taps taps,
          float[] filter, int filterBase,
          float[] init, int initBase, int initPixel, int initBlock,
          float[] out, int outBase, int outPixel, int outBlock) {
        int[] inTaps = taps.input();
        int[] filterTaps = taps.filter();
        int count = taps.count();
        switch (walk) {
    ${walks}      default -> throw new IllegalArgumentException("no walk " + walk);
        }
      }
    ${methods}}
    """
        .replace("${walks}", each(width.walks(), walk -> callWalk(walk, WALKS.get(walk))))
        .replace("${methods}", each(width.walks(), i -> walk(width, WALKS.get(i))))
        .replace("${tile}", width.pixels + " pixels x " + width.vectors)
        .replace("${lanes}", "" + width.lanes)
        .replace("${bits}", "" + width.lanes * Float.SIZE)
        .replace("${pixels}", "" + width.pixels)
        .replace("${short-pixels}", "" + width.shortPixels)
        .replace("${vectors}", "" + width.vectors);
  }

  private static String callWalk(int index, Walk walk) {
    String operands = operands(walk);
    if (walk.regular) {
      operands =
          operands
              .replace("inBase, inStep", "inBase + inTaps[0], taps.inputStep()")
              .replace("filterBase", "filterBase + filterTaps[0]");
    }
    return """
          case ${index} -> ${name}(
              tile, ${operands});
    """
        .replace("${index}", "" + index)
        .replace("${name}", methodName(walk))
        .replace("${operands}", operands);
  }

  /** What all methods of a walk take. */
  private static String operands(Walk walk) {
    return parameters(walk).replaceAll("(float|int)(\\[])? ", "");
  }

  private static String parameters(Walk walk) {
    return (walk.isGrouped() ? "int groups, " : "")
        + "int strips, float[] in, int inBase, "
        + (walk.regular ? "int inStep" : "int[] inTaps, int[] filterTaps")
        + """
        , int count,
              float[] filter, int filterBase,
              float[] init, int initBase, int initPixel, int initBlock,
              float[] out, int outBase, int outPixel, int outBlock\
        """;
  }

  /** {@code terms16Pixel16}. */
  private static String methodName(Walk walk) {
    return "t" + walk.name().substring(1);
  }

  /**
   * The tiles of a walk and the method that chooses among them: one switch over all variants would
   * exceed the 8000 bytes beyond which a JVM compiles no method.
   */
  private static String walk(Width width, Walk walk) {
    List<Variant> variants = variants(width, walk);
    return """

      private static void ${name}(
          int tile,
          ${parameters}) {
        switch (tile) {
    ${tiles}      default -> throw new IllegalArgumentException("no tile " + tile);
        }
      }
    ${methods}\
    """
        .replace("${name}", methodName(walk))
        .replace("${parameters}", parameters(walk))
        .replace("${tiles}", each(variants.size(), i -> callTile(width, variants.get(i))))
        .replace("${methods}", each(variants.size(), i -> microKernel(variants.get(i))));
  }

  private static String callTile(Width width, Variant variant) {
    int index = (variant.filterStride / BLOCK - 1) * width.pixels + variant.pixels - 1;
    return """
          case ${index} -> ${name}(
              ${operands});
    """
        .replace("${index}", "" + index)
        .replace("${name}", entryName(variant))
        .replace("${operands}", operands(variant.walk));
  }

  private static String microKernel(Variant variant) {
    return variant.walk.dense
        ? strips(variant, variant.name(), sum(variant).indent(2))
        : scattered(variant);
  }

  /**
   * Strips side by side. Their loop is part of the method: with a call for each strip more
   * instructions lie between the multiply-adds of one and the next than the processor holds at a
   * time, and 30 to 90 cycles pass without any.
   */
  private static String strips(Variant variant, String name, String strip) {
    return """

      private static void ${name}(
          ${parameters}) {
    ${loops}  }
    """
        .replace("${loops}", variant.walk.isGrouped() ? groups(variant) : STRIPS)
        .replace("${strip}", strip)
        .replace("${name}", name)
        .replace("${parameters}", parameters(variant.walk))
        .replace("${in}", "" + variant.pixels * variant.walk.pixelStride)
        .replace("${init}", variant.walk.dense ? "" : nextInit(variant))
        .replace("${out}", pixelOffset("out", variant, variant.pixels));
  }

  private static final String STRIPS =
      """
          for (int s = 0; s < strips; s++) {
      ${strip}      inBase += ${in};
      ${init}      outBase += ${out};
          }
      """;

  /** The same strips of group after group of channels, whose filters and outputs follow on. */
  private static String groups(Variant variant) {
    return """
        int firstIn = inBase;
        int firstOut = outBase;
        for (int g = 0; g < groups; g++) {
    ${strips}      inBase = firstIn;
          filterBase += count * ${filter};
          firstOut += ${blocks} * outBlock;
          outBase = firstOut;
        }
    """
        .replace("${strips}", STRIPS.indent(2))
        .replace("${filter}", "" + variant.walk.trip * variant.filterStride)
        .replace("${blocks}", "" + variant.filterStride / BLOCK);
  }

  /**
   * Strips whose places are variable. Here a call for each is 40 cycles faster: in one method C2
   * computes all places before the loop and keeps them in memory.
   */
  private static String scattered(Variant variant) {
    String call =
        "      %s(\n          %s);\n".formatted(variant.name(), stripOnly(operands(variant.walk)));
    String strip =
        """

          private static void ${name}(
              ${parameters}) {
        ${sum}  }
        """
            .replace("${sum}", sum(variant))
            .replace("${name}", variant.name())
            .replace("${parameters}", stripOnly(parameters(variant.walk)));
    return strips(variant, entryName(variant), call) + strip;
  }

  /** The operands of a method of one strip. */
  private static String stripOnly(String operands) {
    return operands.replaceFirst("(int )?strips, ", "");
  }

  /** The method of a variant that takes any number of strips. */
  private static String entryName(Variant variant) {
    return variant.walk.dense ? variant.name() : variant.name().replaceFirst("tile", "strips");
  }

  private static String sum(Variant variant) {
    return """
    ${start}${loop}${tap}    }
    ${stores}\
    """
        .replace("${start}", start(variant))
        .replace("${loop}", variant.walk.regular ? REGULAR_LOOP : TABLE_LOOP)
        .replace("${tap}", tap(variant))
        .replace("${stores}", stores(variant));
  }

  private static final String TABLE_LOOP =
      """
          for (int t = 0; t < count; t++) {
            int p = inBase + inTaps[t];
            int w = filterBase + filterTaps[t];
      """;

  private static final String REGULAR_LOOP =
      """
          int p = inBase;
          int w = filterBase;
          for (int t = 0; t < count; t++, p += inStep) {
      """;

  private static String nextInit(Variant variant) {
    return "      initBase += %s;\n".formatted(pixelOffset("init", variant, variant.pixels));
  }

  private static String start(Variant variant) {
    return (variant.walk.dense ? each(variant.vectors, v -> bias(variant, v)) : "")
        + each(variant.pixels, variant.vectors, (p, v) -> load(variant, p, v));
  }

  private static String tap(Variant variant) {
    return """
          for (int k = 0; k < ${trip}; k += ${steps}) {
            FloatVector x;
    ${body}      }
    """
        .replace("${trip}", "" + variant.walk.trip)
        .replace("${steps}", "" + variant.steps())
        .replace("${body}", each(variant.steps(), k -> step(variant, k)));
  }

  private static String stores(Variant variant) {
    return each(variant.pixels, variant.vectors, (p, v) -> store(variant, p, v));
  }

  private static String bias(Variant variant, int vector) {
    return "    FloatVector b%d = FloatVector.fromArray(SPECIES, init, %s);\n"
        .formatted(vector, place("init", variant, 0, vector));
  }

  private static String load(Variant variant, int pixel, int vector) {
    if (variant.walk.dense) {
      return "    FloatVector a%d_%d = b%d;\n".formatted(pixel, vector, vector);
    }
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
        + (pixel == 0 ? "" : " + " + pixelOffset(array, variant, pixel))
        + (channel < BLOCK ? "" : " + " + array + "Block")
        + (channel % BLOCK == 0 ? "" : " + " + channel % BLOCK);
  }

  private static String pixelOffset(String array, Variant variant, int pixel) {
    return variant.walk.dense ? "" + pixel * BLOCK : "%d * %sPixel".formatted(pixel, array);
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
