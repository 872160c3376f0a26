import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes the depthwise kernels that sum two neighbouring outputs of a row together, of a 5 x 5
 * kernel, one class for each lane width.
 *
 * <p>A tile of pairs is summed one output row after the other. Of a kernel row, all input columns
 * are loaded first, and then product after product of all pairs, each with one register for its
 * filter: seven registers for the filter, and products pair after pair, would spill. The additions
 * run beside the multiply-adds, on other units. Three pairs take 12 sums, 10 columns and a filter:
 * 21 multiply-adds in 21 cycles where pixels are cache lines, and in 36 where each of 17 loads
 * crosses two; four pairs spill.
 *
 * <p>Kernel rows are counted by addresses, without a table: what does not fit into integer
 * registers C2 spills, and once it does, it spills sums, too. The borders have methods of their
 * own, as in {@code DepthwisePairsGenerator}.
 */
final class DepthwiseRowPairsGenerator implements KernelGenerator {

  private static final int BLOCK = 16;
  private static final int PRODUCTS = 7;

  /** A lane width and the pairs of its widest tile. */
  private record Width(int lanes, int pairs) {}

  private static final List<Width> WIDTHS =
      List.of(new Width(16, 3), new Width(8, 1), new Width(4, 1));

  /** A tile, and which of its sides are padding. */
  private record Variant(int pairs, boolean left, boolean right) {

    String name() {
      return "pairs%d%s%s".formatted(pairs, left ? "Left" : "", right ? "Right" : "");
    }

    int columns() {
      return 2 * pairs + 4;
    }

    boolean padding(int column) {
      return left && column < 2 || right && column >= columns() - 2;
    }

    /** An input column less another one, or nothing if both are padding. */
    String difference(int column, int other) {
      if (padding(column)) {
        return padding(other) ? "" : "x%d.neg()".formatted(other);
      }
      return padding(other) ? "x" + column : "x%d.sub(x%d)".formatted(column, other);
    }

    /** Two neighbouring input columns added, or nothing if both are padding. */
    String sum(int column, int other) {
      if (padding(column)) {
        return padding(other) ? "" : "x" + other;
      }
      return padding(other) ? "x" + column : "x%d.add(x%d)".formatted(column, other);
    }

    /** What a product of a pair multiplies; the pair's columns begin at {@code first}. */
    String input(int product, int first) {
      return switch (product) {
        case 0 -> difference(first, first + 2);
        case 1 -> sum(first + 1, first + 2);
        case 2 -> difference(first + 2, first + 1);
        case 3 -> difference(first + 1, first + 3);
        case 4 -> difference(first + 4, first + 3);
        case 5 -> padding(first + 4) ? "" : "x" + (first + 4);
        default -> difference(first + 4, first + 5);
      };
    }
  }

  /** The sum that each product is added to. */
  private static final String SUMS = "abcdabd";

  /**
   * The order of the products: those that end the life of most columns last. Each sum meets its
   * products in ascending order, whatever the order of the sums.
   */
  private static final List<Integer> ORDER = List.of(0, 1, 3, 5, 6, 2, 4);

  @Override
  public List<JavaFile> files() {
    return WIDTHS.stream()
        .map(width -> new JavaFile("depthwise/DepthwiseRowPairs" + width.lanes, type(width)))
        .toList();
  }

  private static List<Variant> variants(Width width) {
    return IntStream.range(0, 4 * width.pairs)
        .mapToObj(i -> new Variant(i / 4 + 1, i % 2 == 1, i / 2 % 2 == 1))
        .toList();
  }

  private static String type(Width width) {
    List<Variant> variants = variants(width);
    return """
    package dev.lanewise.kernels.depthwise;

    import jdk.incubator.vector.FloatVector;
    import jdk.incubator.vector.VectorSpecies;

    /** Sums of neighbouring outputs of a 5 x 5 kernel on ${lanes} lanes. */
    final class DepthwiseRowPairs${lanes} extends DepthwiseRowPairs {

      private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_${bits};

      DepthwiseRowPairs${lanes}() {
        super(${lanes}, ${pairs});
      }

      @Override
      void tile(
          int pairs, int sides, float[] in, int inBase, int inRow, int inBack,
          float[] filter, int filterBase, int filterEnd, float[] bias, int biasBase,
          float[] out, int outBase, int outRow, int outEnd) {
        switch ((pairs - 1) * 4 + sides) {
    ${cases}      default -> throw new IllegalArgumentException("no tile of pairs " + pairs);
        }
      }
    ${tiles}}
    """
        .replace("${cases}", Lines.each(variants.size(), i -> call(i, variants.get(i))))
        .replace(
            "${tiles}",
            variants.stream().map(DepthwiseRowPairsGenerator::tile).collect(Collectors.joining()))
        .replace("${lanes}", "" + width.lanes)
        .replace("${bits}", "" + width.lanes * Float.SIZE)
        .replace("${pairs}", "" + width.pairs);
  }

  private static String call(int index, Variant variant) {
    return """
          case ${index} -> ${name}(
              in, inBase, inRow, inBack, filter, filterBase, filterEnd, bias, biasBase,
              out, outBase, outRow, outEnd);
    """
        .replace("${index}", "" + index)
        .replace("${name}", variant.name());
  }

  private static String tile(Variant variant) {
    return """

      private static void ${name}(
          float[] in, int inBase, int inRow, int inBack,
          float[] filter, int filterBase, int filterEnd, float[] bias, int biasBase,
          float[] out, int outBase, int outRow, int outEnd) {
        FloatVector start = FloatVector.fromArray(SPECIES, bias, biasBase);
        int p = inBase;
        int q = outBase;
        while (q != outEnd) {
    ${sums}      int w = filterBase;
          while (w != filterEnd) {
    ${columns}        FloatVector f;
    ${products}        p += inRow;
            w += ${row};
          }
    ${stores}      p -= inBack;
          q += outRow;
        }
      }
    """
        .replace("${name}", variant.name())
        .replace("${sums}", Lines.each(variant.pairs, DepthwiseRowPairsGenerator::sums))
        .replace("${columns}", Lines.each(variant.columns(), c -> column(variant, c)))
        .replace(
            "${products}",
            ORDER.stream().map(i -> products(variant, i)).collect(Collectors.joining()))
        .replace("${stores}", Lines.each(variant.pairs, DepthwiseRowPairsGenerator::stores))
        .replace("${row}", "" + PRODUCTS * BLOCK);
  }

  private static String sums(int pair) {
    return """
          FloatVector a%1$d = FloatVector.zero(SPECIES);
          FloatVector b%1$d = start;
          FloatVector c%1$d = FloatVector.zero(SPECIES);
          FloatVector d%1$d = FloatVector.zero(SPECIES);
    """
        .formatted(pair);
  }

  private static String column(Variant variant, int column) {
    return variant.padding(column)
        ? ""
        : "        FloatVector x%d = FloatVector.fromArray(SPECIES, in, p + %d);\n"
            .formatted(column, column * BLOCK);
  }

  /** One product of all pairs. */
  private static String products(Variant variant, int product) {
    String filter =
        "        f = FloatVector.fromArray(SPECIES, filter, w + %d);\n".formatted(product * BLOCK);
    return filter
        + Lines.each(
            variant.pairs,
            pair -> {
              String input = variant.input(product, 2 * pair);
              return input.isEmpty()
                  ? ""
                  : "        %2$s%3$d = %1$s.fma(f, %2$s%3$d);\n"
                      .formatted(input, SUMS.charAt(product), pair);
            });
  }

  private static String stores(int pair) {
    return """
          a%1$d.add(b%1$d.add(c%1$d)).intoArray(out, q + %2$d);
          b%1$d.sub(c%1$d).sub(d%1$d).intoArray(out, q + %3$d);
    """
        .formatted(pair, 2 * pair * BLOCK, (2 * pair + 1) * BLOCK);
  }
}
