import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Writes the micro-kernels of the gradient by filter, one class for each lane width.
 *
 * <p>They sum over any number of pixels, one by one. The step of the loops is a variable: C2 would
 * strip-mine a counted loop under some collectors, and for narrow tiles unroll it with a prologue
 * and an epilogue. That each pixel's indices are checked does not show, as there are at least four
 * times as many vector operations; a literal number of pixels gains less than a hundredth.
 */
final class FilterReduceGenerator implements KernelGenerator {

  private static final int BLOCK = 16;

  /**
   * A lane width with its register tile.
   *
   * @param rows output channels, of which {@code FilterReduce} computes eight
   * @param blocks most blocks of 16 input channels in a tile
   * @param vectors vectors of each block in a tile
   */
  private record Width(int lanes, int rows, int blocks, int vectors) {}

  private static final List<Width> WIDTHS =
      List.of(new Width(16, 8, 3, 1), new Width(8, 4, 1, 2), new Width(4, 4, 1, 2));

  /** The literals of one generated method: whether sums begin with what is there, and blocks. */
  private record Variant(Width width, int blocks, boolean adds) {
    String name(String prefix) {
      return "%s%s%dx%d".formatted(prefix, adds ? "Add" : "Begin", width.rows, blocks);
    }

    int vectors() {
      return blocks * width.vectors;
    }
  }

  @Override
  public List<JavaFile> files() {
    return WIDTHS.stream()
        .map(width -> new JavaFile("simd/FilterReduce" + width.lanes, type(width)))
        .toList();
  }

  /** In the order of their numbers in {@code FilterReduce}. */
  private static List<Variant> variants(Width width) {
    List<Variant> variants = new ArrayList<>();
    for (int blocks = 1; blocks <= width.blocks; blocks++) {
      variants.add(new Variant(width, blocks, false));
      variants.add(new Variant(width, blocks, true));
    }
    return variants;
  }

  private static String type(Width width) {
    List<Variant> variants = variants(width);
    return """
    package dev.lanewise.kernels.simd;

    import jdk.incubator.vector.FloatVector;
    import jdk.incubator.vector.VectorSpecies;

    /** The sums of the gradient by filter on ${lanes} lanes. */
    final class FilterReduce${lanes} extends FilterReduce {

      private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_${bits};

      FilterReduce${lanes}() {
        super(${rows}, ${blocks}, ${channels});
      }

      @Override
      void run(
          int variant,
          float[] in, int inBase, int inBlock, float[] gradient, int gradientBase, PixelTable pixels,
          float[] out, int outBase, int outRow, int outBlock) {
        int[] inPixels = pixels.input();
        int[] gradientPixels = pixels.gradient();
        int count = pixels.count();
        switch (variant) {
    ${cases}      default -> throw new IllegalArgumentException("no variant " + variant);
        }
      }

      @Override
      void runProducts(
          int variant, int count, int pixels,
          float[] in, int inBase, int inBlock, int inProduct,
          float[] gradient, int gradientBase, int gradientProduct,
          float[] out, int outBase, int outRow, int outProduct) {
        switch (variant) {
    ${productCases}      default -> throw new IllegalArgumentException("no variant " + variant);
        }
      }
    ${methods}${productMethods}}
    """
        .replace("${cases}", each(variants.size(), i -> call(i, variants.get(i))))
        .replace("${productCases}", each(variants.size(), i -> productCall(i, variants.get(i))))
        .replace("${methods}", each(variants.size(), i -> microKernel(variants.get(i))))
        .replace("${productMethods}", each(variants.size(), i -> productKernel(variants.get(i))))
        .replace("${lanes}", "" + width.lanes)
        .replace("${bits}", "" + width.lanes * Float.SIZE)
        .replace("${rows}", "" + width.rows)
        .replace("${blocks}", "" + width.blocks)
        .replace("${channels}", "" + width.lanes * width.vectors);
  }

  private static String call(int index, Variant variant) {
    return """
          case ${index} -> ${name}(
              in, inBase, inBlock, inPixels, gradient, gradientBase, gradientPixels, count, 1,
              out, outBase, outRow, outBlock);
    """
        .replace("${index}", "" + index)
        .replace("${name}", variant.name("sum"));
  }

  private static String productCall(int index, Variant variant) {
    return """
          case ${index} -> ${name}(
              count, pixels, 1, in, inBase, inBlock, inProduct,
              gradient, gradientBase, gradientProduct, out, outBase, outRow, outProduct);
    """
        .replace("${index}", "" + index)
        .replace("${name}", variant.name("products"));
  }

  private static String microKernel(Variant variant) {
    return """

      private static void ${name}(
          float[] in, int inBase, int inBlock, int[] inPixels,
          float[] gradient, int gradientBase, int[] gradientPixels, int count, int one,
          float[] out, int outBase, int outRow, int outBlock) {
        int q = outBase;
    ${starts}    int i = 0;
        while (i < count) {
          int p = inBase + inPixels[i];
          int g = gradientBase + gradientPixels[i];
          FloatVector y;
    ${body}      i += one;
        }
        q = outBase;
    ${stores}  }
    """
        .replace("${starts}", starts(variant, "outBlock"))
        .replace("${body}", body(variant))
        .replace("${stores}", stores(variant, "outBlock"))
        .replace("${name}", variant.name("sum"));
  }

  /**
   * Places of the output are counted up row by row: their multiples would be kept through the
   * loops, for which there are too few general registers.
   */
  private static String productKernel(Variant variant) {
    return """

      private static void ${name}(
          int count, int pixels, int one,
          float[] in, int inBase, int inBlock, int inProduct,
          float[] gradient, int gradientBase, int gradientProduct,
          float[] out, int outBase, int outRow, int outProduct) {
        int o = outBase;
        for (int i = 0; i < count; i++) {
          int p = inBase + i * inProduct;
          int g = gradientBase + i * gradientProduct;
          int q = o;
    ${starts}      int k = 0;
          while (k < pixels) {
            FloatVector y;
    ${body}        p += ${block};
            g += ${block};
            k += one;
          }
          q = o;
    ${stores}      o += outProduct;
        }
      }
    """
        .replace("${starts}", starts(variant, "" + BLOCK))
        .replace("${body}", body(variant))
        .replace("${stores}", stores(variant, "" + BLOCK))
        .replace("${name}", variant.name("products"))
        .replace("${block}", "" + BLOCK);
  }

  private static String starts(Variant variant, String outBlock) {
    return rows(
        variant,
        (r, v) ->
            "    FloatVector a%d_%d = %s;\n"
                .formatted(
                    r,
                    v,
                    variant.adds
                        ? "FloatVector.fromArray(SPECIES, out, q%s)"
                            .formatted(block(outBlock, variant, v))
                        : "FloatVector.zero(SPECIES)"),
        variant.adds);
  }

  private static String stores(Variant variant, String outBlock) {
    return rows(
        variant,
        (r, v) -> "    a%d_%d.intoArray(out, q%s);\n".formatted(r, v, block(outBlock, variant, v)),
        true);
  }

  /** What is written for one vector of a row. */
  private interface Cell {
    String at(int row, int vector);
  }

  private static String rows(Variant variant, Cell cell, boolean moves) {
    int rows = variant.width.rows;
    return each(
        rows,
        r ->
            each(variant.vectors(), v -> cell.at(r, v))
                + (moves && r < rows - 1 ? "    q += outRow;\n" : ""));
  }

  /** Multiplies the input channels of one pixel with the gradient of each output channel there. */
  private static String body(Variant variant) {
    String loads =
        each(
            variant.vectors(),
            v ->
                "      FloatVector x%d = FloatVector.fromArray(SPECIES, in, p%s);\n"
                    .formatted(v, block("inBlock", variant, v)));
    return loads
        + each(
            variant.width.rows,
            r ->
                "      y = FloatVector.broadcast(SPECIES, gradient[g + %d]);\n".formatted(r)
                    + each(
                        variant.vectors(),
                        v -> "      a%1$d_%2$d = y.fma(x%2$d, a%1$d_%2$d);\n".formatted(r, v)));
  }

  /** The next block of 16 is a stride away, not the next lanes. */
  private static String block(String stride, Variant variant, int vector) {
    int block = vector / variant.width.vectors;
    int lane = vector % variant.width.vectors * variant.width.lanes;
    return (block == 0 ? "" : " + %d * %s".formatted(block, stride))
        + (lane == 0 ? "" : " + " + lane);
  }

  private static String each(int count, IntFunction<String> line) {
    return Lines.each(count, line);
  }
}
