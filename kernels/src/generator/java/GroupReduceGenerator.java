import java.util.ArrayList;
import java.util.List;

/**
 * Writes the micro-kernels of narrow channel groups, one class for each lane width.
 *
 * <p>A loaded input vector is permuted so that every lane holds a channel of its own group, and is
 * then multiplied for up to three neighbouring taps: a load that crosses a cache line, which most
 * loads of 16 lanes do, costs as much as two multiply-adds.
 *
 * <p>On a Zen 4 core permutations seem to share a unit with the multiply-adds, by their times: 14
 * pixels and three columns take 42 + 16 cycles a tap, 57 to 59 measured at any alignment, which
 * bounds such layers to 0.72 of the peak.
 */
final class GroupReduceGenerator implements KernelGenerator {

  private static final int BLOCK = 16;

  /** Neighbouring taps that share loads, at most. */
  private static final int MOST_COLUMNS = 3;

  /** Taps that the inner loop takes: its trip count must be a literal. */
  private static final int TRIP = 4;

  /** A lane width and the pixels of its widest tile, chosen by measurement. */
  private record Width(int lanes, int pixels) {}

  private static final List<Width> WIDTHS =
      List.of(new Width(16, 14), new Width(8, 8), new Width(4, 8));

  private record Variant(int lanes, int pixels, int columns) {
    String name() {
      return "tile%dColumns%d".formatted(pixels, columns);
    }
  }

  @Override
  public List<JavaFile> files() {
    return WIDTHS.stream()
        .map(width -> new JavaFile("simd/GroupReduce" + width.lanes, type(width)))
        .toList();
  }

  private static List<Variant> variants(Width width) {
    List<Variant> variants = new ArrayList<>();
    for (int columns = 1; columns <= MOST_COLUMNS; columns++) {
      for (int pixels = 1; pixels <= width.pixels; pixels++) {
        variants.add(new Variant(width.lanes, pixels, columns));
      }
    }
    return variants;
  }

  private static String type(Width width) {
    List<Variant> variants = variants(width);
    return """
    package dev.lanewise.kernels.simd;

    import jdk.incubator.vector.FloatVector;
    import jdk.incubator.vector.IntVector;
    import jdk.incubator.vector.VectorSpecies;

    /** The kernel of narrow groups on ${lanes} lanes, in tiles of up to ${pixels} pixels. */
    final class GroupReduce${lanes} extends GroupReduce {

      private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_${bits};
      private static final VectorSpecies<Integer> INDEXES = IntVector.SPECIES_${bits};

      GroupReduce${lanes}() {
        super(${lanes}, ${pixels});
      }

      @Override
      void run(
          int variant,
          float[] in, int inBase, int[] inTaps, int[] filterTaps, int count,
          int[] lanes, int[] laneTaps, int lane,
          float[] filter, int filterBase,
          float[] init, int initBase, int initPixel,
          float[] out, int outBase) {
        switch (variant) {
    ${cases}      default -> throw new IllegalArgumentException("no variant " + variant);
        }
      }
    ${methods}}
    """
        .replace("${cases}", Lines.each(variants.size(), i -> call(i, variants.get(i))))
        .replace("${methods}", Lines.each(variants.size(), i -> microKernel(variants.get(i))))
        .replace("${lanes}", "" + width.lanes)
        .replace("${bits}", "" + width.lanes * Float.SIZE)
        .replace("${pixels}", "" + width.pixels);
  }

  private static String call(int index, Variant variant) {
    return """
          case ${index} -> ${name}(
              in, inBase, inTaps, filterTaps, count, lanes, laneTaps, lane,
              filter, filterBase, init, initBase, initPixel, out, outBase);
    """
        .replace("${index}", "" + index)
        .replace("${name}", variant.name());
  }

  private static String microKernel(Variant variant) {
    int pixels = variant.pixels;
    return """

      private static void ${name}(
          float[] in, int inBase, int[] inTaps, int[] filterTaps, int count,
          int[] lanes, int[] laneTaps, int lane,
          float[] filter, int filterBase,
          float[] init, int initBase, int initPixel,
          float[] out, int outBase) {
    ${loads}    for (int t = 0; t < count; t += ${trip}) {
          for (int k = 0; k < ${trip}; k++) {
            int p = inBase + inTaps[t + k];
            int w = filterBase + filterTaps[t + k];
            IntVector index = IntVector.fromArray(INDEXES, lanes, laneTaps[t + k] + lane);
            FloatVector x;
    ${filters}${body}      }
        }
    ${stores}  }
    """
        .replace("${loads}", Lines.each(pixels, GroupReduceGenerator::load))
        .replace("${filters}", Lines.each(variant.columns, GroupReduceGenerator::filter))
        .replace("${body}", Lines.each(pixels + variant.columns - 1, p -> products(variant, p)))
        .replace("${stores}", Lines.each(pixels, GroupReduceGenerator::store))
        .replace("${name}", variant.name())
        .replace("${trip}", "" + TRIP);
  }

  private static String load(int pixel) {
    return "    FloatVector a%1$d = FloatVector.fromArray(SPECIES, init, initBase%2$s);\n"
        .formatted(pixel, pixel == 0 ? "" : " + %d * initPixel".formatted(pixel));
  }

  private static String filter(int column) {
    return "        FloatVector f%d = FloatVector.fromArray(SPECIES, filter, w + %d);\n"
        .formatted(column, column * BLOCK);
  }

  /** Multiplies one input pixel for every output pixel whose window it lies in. */
  private static String products(Variant variant, int inPixel) {
    String load =
        """
                x =
                    index
                        .selectFrom(
                            FloatVector.fromArray(SPECIES, in, p + %d).viewAsIntegralLanes())
                        .viewAsFloatingLanes();
        """
            .formatted(inPixel * BLOCK);
    return load
        + Lines.each(
            variant.columns,
            column -> {
              int pixel = inPixel - column;
              return pixel < 0 || pixel >= variant.pixels
                  ? ""
                  : "        a%1$d = x.fma(f%2$d, a%1$d);\n".formatted(pixel, column);
            });
  }

  private static String store(int pixel) {
    return "    a%d.intoArray(out, outBase + %d);\n".formatted(pixel, pixel * BLOCK);
  }
}
