import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Writes the micro-kernels of the gradient by filter, one class for each lane width.
 *
 * <p>They sum over pixels: the trip count is that of a run of pixels, a literal like the distance
 * of the input's pixels. Which trips there are and how large the tiles is a matter of measurement:
 * long trips are for narrow tiles, whose loops C2 unrolls with a prologue and an epilogue that cost
 * as much as three pixels.
 */
final class FilterReduceGenerator implements KernelGenerator {

  private static final int BLOCK = 16;

  /** Must be those of {@code FilterReduce}. */
  private static final int[] TRIPS = {112, 28, 14, 7, 1};

  /** Must be those of {@code FilterReduce}. */
  private static final int[] PRODUCT_TRIPS = {28, 16, 14, 8, 7, 4};

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

  /** The literals of one generated method. */
  private record Variant(Width width, int blocks, int trip, int inPixel) {
    String name() {
      return "tile%dx%dTrip%dPixel%d".formatted(width.rows, blocks, trip, inPixel);
    }

    int vectors() {
      return blocks * width.vectors;
    }

    String productsName(boolean adds) {
      return "%s%dx%dTrip%d".formatted(adds ? "addProducts" : "products", width.rows, blocks, trip);
    }

    /** Pixels in the body of the loop: C2 leaves a body of two as it is. */
    int steps() {
      return trip == 14 || trip == 28 && blocks == 2 ? 2 : 1;
    }
  }

  @Override
  public List<JavaFile> files() {
    return WIDTHS.stream()
        .map(width -> new JavaFile("simd/FilterReduce" + width.lanes, type(width)))
        .toList();
  }

  private static List<Variant> variants(Width width) {
    List<Variant> variants = new ArrayList<>();
    for (int inPixel : new int[] {BLOCK, 2 * BLOCK}) {
      for (int blocks = 1; blocks <= width.blocks; blocks++) {
        for (int trip : TRIPS) {
          variants.add(new Variant(width, blocks, trip, inPixel));
        }
      }
    }
    return variants;
  }

  private static List<Variant> productVariants(Width width) {
    List<Variant> variants = new ArrayList<>();
    for (int blocks = 1; blocks <= width.blocks; blocks++) {
      for (int trip : PRODUCT_TRIPS) {
        variants.add(new Variant(width, blocks, trip, BLOCK));
      }
    }
    return variants;
  }

  private static String type(Width width) {
    List<Variant> variants = variants(width);
    List<Variant> products = productVariants(width);
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
          float[] in, int inBase, int inBlock, float[] gradient, int gradientBase, Pieces pieces,
          float[] init, int initBase, int initRow, int initBlock,
          float[] out, int outBase, int outRow, int outBlock) {
        int[] inPieces = pieces.input();
        int[] gradientPieces = pieces.gradient();
        int count = pieces.count();
        switch (variant) {
    ${cases}      default -> throw new IllegalArgumentException("no variant " + variant);
        }
      }

      @Override
      void runProducts(
          int variant, int count, int runs,
          float[] in, int inBase, int inBlock, int inProduct,
          float[] gradient, int gradientBase, int gradientProduct,
          float[] out, int outBase, int outRow, int outBlock, int outProduct) {
        switch (variant) {
    ${productCases}      default -> throw new IllegalArgumentException("no variant " + variant);
        }
      }
    ${methods}${productMethods}}
    """
        .replace("${cases}", each(variants.size(), i -> call(i, variants.get(i))))
        .replace(
            "${productCases}",
            each(2 * products.size(), i -> productCall(i, products.get(i / 2), i % 2 > 0)))
        .replace("${methods}", each(variants.size(), i -> microKernel(variants.get(i))))
        .replace(
            "${productMethods}",
            each(2 * products.size(), i -> productKernel(products.get(i / 2), i % 2 > 0)))
        .replace("${lanes}", "" + width.lanes)
        .replace("${bits}", "" + width.lanes * Float.SIZE)
        .replace("${rows}", "" + width.rows)
        .replace("${blocks}", "" + width.blocks)
        .replace("${channels}", "" + width.lanes * width.vectors);
  }

  private static String call(int index, Variant variant) {
    return """
          case ${index} -> ${name}(
              in, inBase, inBlock, inPieces, gradient, gradientBase, gradientPieces, count,
              init, initBase, initRow, initBlock, out, outBase, outRow, outBlock);
    """
        .replace("${index}", "" + index)
        .replace("${name}", variant.name());
  }

  private static String productCall(int index, Variant variant, boolean adds) {
    return """
          case ${index} -> ${name}(
              count, runs, in, inBase, inBlock, inProduct, gradient, gradientBase, gradientProduct,
              out, outBase, outRow, outBlock, outProduct);
    """
        .replace("${index}", "" + index)
        .replace("${name}", variant.productsName(adds));
  }

  /**
   * Places of the output are counted up row by row: their multiples would be kept through the
   * loops, for which there are too few general registers.
   */
  private static String productKernel(Variant variant, boolean adds) {
    return """

      private static void ${name}(
          int count, int runs,
          float[] in, int inBase, int inBlock, int inProduct,
          float[] gradient, int gradientBase, int gradientProduct,
          float[] out, int outBase, int outRow, int outBlock, int outProduct) {
        int o = outBase;
        for (int i = 0; i < count; i++) {
          int p = inBase + i * inProduct;
          int g = gradientBase + i * gradientProduct;
          int q = o;
    ${starts}      for (int run = 0; run < runs; run++) {
            for (int k = 0; k < ${trip}; k += ${steps}) {
              FloatVector y;
    ${body}        }
            p += ${trip} * ${block};
            g += ${trip} * ${block};
          }
          q = o;
    ${stores}      o += outProduct;
        }
      }
    """
        .replace("${starts}", rows(variant, (r, v) -> start(variant, r, v, adds), adds))
        .replace("${body}", each(variant.steps(), k -> step(variant, k)))
        .replace(
            "${stores}",
            rows(
                variant,
                (r, v) -> "      a%d_%d.intoArray(out, q%s);\n".formatted(r, v, place(variant, v)),
                true))
        .replace("${name}", variant.productsName(adds))
        .replace("${trip}", "" + variant.trip)
        .replace("${steps}", "" + variant.steps())
        .replace("${block}", "" + BLOCK);
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
                + (moves && r < rows - 1 ? "      q += outRow;\n" : ""));
  }

  private static String start(Variant variant, int row, int vector, boolean adds) {
    String value =
        adds
            ? "FloatVector.fromArray(SPECIES, out, q%s)".formatted(place(variant, vector))
            : "FloatVector.zero(SPECIES)";
    return "      FloatVector a%d_%d = %s;\n".formatted(row, vector, value);
  }

  private static String place(Variant variant, int vector) {
    return block("outBlock", variant, vector);
  }

  private static String microKernel(Variant variant) {
    int rows = variant.width.rows;
    int vectors = variant.vectors();
    String loop =
        variant.trip == 1
            ? ""
            : "      for (int k = 0; k < %d; k += %d) {\n".formatted(variant.trip, variant.steps());
    return """

      private static void ${name}(
          float[] in, int inBase, int inBlock, int[] inPieces,
          float[] gradient, int gradientBase, int[] gradientPieces, int count,
          float[] init, int initBase, int initRow, int initBlock,
          float[] out, int outBase, int outRow, int outBlock) {
    ${loads}    for (int i = 0; i < count; i++) {
          int p = inBase + inPieces[i];
          int g = gradientBase + gradientPieces[i];
    ${loop}        FloatVector y;
    ${body}${end}    }
    ${stores}  }
    """
        .replace(
            "${loads}",
            each(
                rows,
                r ->
                    each(
                        vectors,
                        v ->
                            "    FloatVector a%d_%d = FloatVector.fromArray(SPECIES, init, %s);\n"
                                .formatted(r, v, place("init", variant, r, v)))))
        .replace("${loop}", loop)
        .replace("${end}", variant.trip == 1 ? "" : "      }\n")
        .replace("${body}", each(variant.steps(), k -> step(variant, k)))
        .replace(
            "${stores}",
            each(
                rows,
                r ->
                    each(
                        vectors,
                        v ->
                            "    a%d_%d.intoArray(out, %s);\n"
                                .formatted(r, v, place("out", variant, r, v)))))
        .replace("${name}", variant.name());
  }

  /** Multiplies the input channels of one pixel with the gradient of each output channel there. */
  private static String step(Variant variant, int k) {
    String loads =
        each(
            variant.vectors(),
            v ->
                "        FloatVector x%d_%d = FloatVector.fromArray(SPECIES, in, %s);\n"
                    .formatted(
                        k,
                        v,
                        "p" + block("inBlock", variant, v) + pixel(variant, k, variant.inPixel)));
    return loads
        + each(
            variant.width.rows,
            r ->
                "        y = FloatVector.broadcast(SPECIES, gradient[g%s + %d]);\n"
                        .formatted(pixel(variant, k, BLOCK), r)
                    + each(
                        variant.vectors(),
                        v ->
                            "        a%1$d_%3$d = y.fma(x%2$d_%3$d, a%1$d_%3$d);\n"
                                .formatted(r, k, v)));
  }

  private static String pixel(Variant variant, int k, int stride) {
    return variant.trip == 1 ? "" : " + (k + %d) * %d".formatted(k, stride);
  }

  /** The next block of 16 is a stride away, not the next lanes. */
  private static String block(String stride, Variant variant, int vector) {
    int block = vector / variant.width.vectors;
    int lane = vector % variant.width.vectors * variant.width.lanes;
    return (block == 0 ? "" : " + %d * %s".formatted(block, stride))
        + (lane == 0 ? "" : " + " + lane);
  }

  private static String place(String array, Variant variant, int row, int vector) {
    return array
        + "Base"
        + (row == 0 ? "" : " + %d * %sRow".formatted(row, array))
        + block(array + "Block", variant, vector);
  }

  private static String each(int count, IntFunction<String> line) {
    return Lines.each(count, line);
  }
}
