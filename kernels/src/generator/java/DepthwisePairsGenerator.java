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
 * <p>Few integers are live in the loop: what does not fit into integer registers C2 keeps in vector
 * registers, behind the multiply-adds. The borders have methods of their own: where branches in the
 * loop made its vectors, C2 kept one boxed for good in half of the JVMs that had called other
 * kernels before.
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

  /** Goes down tiles of one or two columns, each by the method for the sides that are padding. */
  private static String walk(String name, int columns) {
    return """

      @Override
      void ${name}(
          int tiles, int sides, int rows, float[] in, int inBase, int inRow,
          float[] filter, int filterBase, float[] bias, int biasBase,
          float[] out, int outBase, int outRow) {
        for (int tile = 0; tile < tiles; tile++) {
          boolean left = (sides & LEFT) != 0 && tile == 0;
          boolean right = (sides & RIGHT) != 0 && tile == tiles - 1;
          int p = inBase + tile * ${tile};
          int q = outBase + tile * ${tile};
          if (left && right) {
            ${name}LeftRight(${operands});
          } else if (left) {
            ${name}Left(${operands});
          } else if (right) {
            ${name}Right(${operands});
          } else {
            ${name}Inner(${operands});
          }
        }
      }
    """
            .replace("${name}", name)
            .replace("${tile}", "" + columns * BLOCK)
            .replace(
                "${operands}",
                "sides, rows, in, p, inRow, filter, filterBase, bias, biasBase, out, q, outRow")
        + tile(name + "LeftRight", columns, true, true)
        + tile(name + "Left", columns, true, false)
        + tile(name + "Right", columns, false, true)
        + tile(name + "Inner", columns, false, false);
  }

  private static String tile(String name, int columns, boolean left, boolean right) {
    String inputs = inputs(columns, left, right);
    return """

      private static void ${name}(
          int sides, int rows, float[] in, int p, int inRow,
          float[] filter, int filterBase, float[] bias, int biasBase,
          float[] out, int q, int outRow) {
    ${filter}    FloatVector start = FloatVector.fromArray(SPECIES, bias, biasBase);
        int end = p + ((sides & BOTTOM) != 0 ? rows + 1 : rows + 2) * inRow;
    ${a}    if ((sides & TOP) != 0) {
    ${none}    } else {
    ${inputs}${row0}    }
        p += inRow;
    ${b}    {
    ${inputs}${row1}    }
        p += inRow;
        while (p != end) {
    ${c}${inputs}${row2}${store}${rotate}      p += inRow;
          q += outRow;
        }
        if ((sides & BOTTOM) != 0) {
    ${store}    }
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
        .replace("${inputs}", inputs)
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
    String zero = "FloatVector.zero(SPECIES)";
    return Lines.each(
        products(columns),
        i -> "        a%d = %s;\n".formatted(i, i == 1 ? "start.sub(" + zero + ")" : zero));
  }

  /** The transformed columns of an input row at {@code p}, whose ends may be padding. */
  private static String inputs(int columns, boolean left, boolean right) {
    String second = columns == 1 && right ? "FloatVector.zero(SPECIES)" : load(2);
    String first = left ? "x2.neg()" : load(0) + ".sub(x2)";
    String fourth = right ? "x1" : "x1.sub(" + load(3) + ")";
    return """
          FloatVector x1 = %s;
          FloatVector x2 = %s;
          FloatVector t0 = %s;
          FloatVector t1 = x1.add(x2);
          FloatVector t2 = x2.sub(x1);
    """
            .formatted(load(1), second, first)
        + (columns == 1 ? "" : "      FloatVector t3 = %s;\n".formatted(fourth));
  }

  private static String load(int column) {
    return "FloatVector.fromArray(SPECIES, in, p + %d)".formatted(column * BLOCK);
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
