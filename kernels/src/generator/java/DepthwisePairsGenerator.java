import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes the depthwise kernels that sum two neighbouring outputs of a row together by Winograd's
 * F(2,3), one class for each lane width.
 *
 * <p>A tile is walked down with the transformed filter in registers: of each input row, four
 * transformed columns meet the twelve products of three output rows. The additions of the
 * transforms run beside the multiply-adds, on other units. A single column, the last of an odd
 * width, is the first half of a tile.
 *
 * <p>Few integers are live in the loop, and both borders share one of them: what does not fit into
 * integer registers C2 keeps in vector registers, behind the multiply-adds.
 */
final class DepthwisePairsGenerator implements KernelGenerator {

  private static final int BLOCK = 16;

  @Override
  public List<JavaFile> files() {
    return List.of(16, 8, 4).stream()
        .map(lanes -> new JavaFile("depthwise/DepthwisePairs" + lanes, type(lanes)))
        .toList();
  }

  private static String type(int lanes) {
    return """
    package dev.lanewise.kernels.depthwise;

    import jdk.incubator.vector.FloatVector;
    import jdk.incubator.vector.VectorSpecies;

    /** Sums of neighbouring outputs by F(2,3) on ${lanes} lanes. */
    final class DepthwisePairs${lanes} extends DepthwisePairs {

      private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_${bits};

      DepthwisePairs${lanes}() {
        super(${lanes});
      }
    ${single}${pair}}
    """
        .replace("${single}", walk("single", 1))
        .replace("${pair}", walk("pair", 2))
        .replace("${lanes}", "" + lanes)
        .replace("${bits}", "" + lanes * Float.SIZE);
  }

  /** Goes down tiles of one or two columns; {@code top}, {@code bottom}: padding above, below. */
  private static String walk(String name, int columns) {
    return """

      @Override
      void ${name}(
          int tiles, int sides, int rows, float[] in, int inBase, int inRow,
          float[] filter, int filterBase, float[] bias, int biasBase,
          float[] out, int outBase, int outRow) {
    ${filter}    FloatVector start = FloatVector.fromArray(SPECIES, bias, biasBase);
        int p = inBase;
        int q = outBase;
        int inTile = ${tile} - ((sides & BOTTOM) != 0 ? rows + 1 : rows + 2) * inRow;
        int outTile = ${tile} - ((sides & BOTTOM) != 0 ? rows - 1 : rows) * outRow;
        int end = p + ${tile} - inTile;
        int last = end + (tiles - 1) * ${tile};
        int border = tiles == 1 ? sides : sides & ~RIGHT;
        while (true) {
    ${a}      if ((sides & TOP) != 0) {
    ${none}      } else {
    ${inputs}${row0}      }
          p += inRow;
    ${b}      {
    ${inputs}${row1}      }
          p += inRow;
          while (p != end) {
    ${c}${inputs}${row2}${store}${rotate}        p += inRow;
            q += outRow;
          }
          if ((sides & BOTTOM) != 0) {
    ${store}      }
          if (p == last) {
            break;
          }
          p += inTile;
          q += outTile;
          end += ${tile};
          border = end == last ? sides & RIGHT : 0;
        }
      }
    """
        .replace("${name}", name)
        .replace("${tile}", "" + columns * BLOCK)
        .replace(
            "${filter}",
            Lines.each(
                12,
                i ->
                    "    FloatVector f%d_%d = FloatVector.fromArray(SPECIES, filter, filterBase + %d);\n"
                        .formatted(i / 4, i % 4, i * BLOCK)))
        .replace("${a}", declare("a", columns))
        .replace("${b}", declare("b", columns))
        .replace("${c}", declare("c", columns))
        .replace("${none}", none(columns))
        .replace("${inputs}", inputs(columns))
        .replace("${row0}", products(columns, "a0"))
        .replace("${row1}", products(columns, "a1", "b0"))
        .replace("${row2}", products(columns, "a2", "b1", "c0"))
        .replace("${store}", store(columns))
        .replace(
            "${rotate}",
            Lines.each(
                products(columns),
                i -> "        a%1$d = b%1$d;\n        b%1$d = c%1$d;\n".formatted(i)));
  }

  /** Products of a tile: the fourth is of the second output alone. */
  private static int products(int columns) {
    return columns + 2;
  }

  private static String declare(String sum, int columns) {
    return "      FloatVector %s;\n"
        .formatted(
            IntStream.range(0, products(columns))
                .mapToObj(i -> sum + i)
                .collect(Collectors.joining(", ")));
  }

  /** The sums of a tile whose first kernel row is padding: none but the bias. */
  private static String none(int columns) {
    return Lines.each(
        products(columns),
        i -> "        a%d = %s;\n".formatted(i, i == 1 ? "start" : "FloatVector.zero(SPECIES)"));
  }

  /** The transformed columns of an input row at {@code p}, whose ends may be padding. */
  private static String inputs(int columns) {
    return columns == 1
        ? """
                FloatVector x1 = FloatVector.fromArray(SPECIES, in, p + ${1});
                FloatVector x2 = FloatVector.zero(SPECIES);
                if ((border & RIGHT) == 0) {
                  x2 = FloatVector.fromArray(SPECIES, in, p + ${2});
                }
                FloatVector t0 = x2.neg();
                if ((border & LEFT) == 0) {
                  t0 = FloatVector.fromArray(SPECIES, in, p).sub(x2);
                }
                FloatVector t1 = x1.add(x2);
                FloatVector t2 = x2.sub(x1);
        """
            .replace("${1}", "" + BLOCK)
            .replace("${2}", "" + 2 * BLOCK)
        : """
                FloatVector x1 = FloatVector.fromArray(SPECIES, in, p + ${1});
                FloatVector x2 = FloatVector.fromArray(SPECIES, in, p + ${2});
                FloatVector t0, t3;
                if ((border & LEFT) != 0) {
                  t0 = x2.neg();
                } else {
                  t0 = FloatVector.fromArray(SPECIES, in, p).sub(x2);
                }
                FloatVector t1 = x1.add(x2);
                FloatVector t2 = x2.sub(x1);
                if ((border & RIGHT) != 0) {
                  t3 = x1;
                } else {
                  t3 = x1.sub(FloatVector.fromArray(SPECIES, in, p + ${3}));
                }
        """
            .replace("${1}", "" + BLOCK)
            .replace("${2}", "" + 2 * BLOCK)
            .replace("${3}", "" + 3 * BLOCK);
  }

  /**
   * Adds a row's products to the sums of the given letters, with the kernel rows of the digits
   * behind them; kernel row 0 begins a sum, and the bias is part of the product that both outputs
   * add.
   */
  private static String products(int columns, String... sums) {
    return Lines.each(
        products(columns),
        i -> {
          StringBuilder text = new StringBuilder();
          for (String sum : sums) {
            String to = "" + sum.charAt(0) + i;
            String filter = "f%s_%d".formatted(sum.charAt(1), i);
            boolean begins = sum.charAt(1) == '0';
            text.append(
                begins && i != 1
                    ? "        %s = t%d.mul(%s);\n".formatted(to, i, filter)
                    : "        %s = t%d.fma(%s, %s);\n"
                        .formatted(to, i, filter, begins ? "start" : to));
          }
          return text.toString();
        });
  }

  private static String store(int columns) {
    String first = "        a0.add(a1.add(a2)).intoArray(out, q);\n";
    return columns == 1
        ? first
        : first + "        a1.sub(a2).sub(a3).intoArray(out, q + %d);\n".formatted(BLOCK);
  }
}
