import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * Writes the depthwise micro-kernels, one class for each lane width.
 *
 * <p>A walk goes down a tile of columns with the 3 x 3 filter in registers: an input vector is
 * loaded once and feeds up to nine sums, of three neighbouring output rows. A row sums output rows
 * of a tile, one at a time, from a list of kernel rows of a literal width; taps is the general
 * form, which knows neither width nor stride.
 *
 * <p>Columns of the first and last tile of a row that fall into the padding are skipped by branches
 * that are always predicted; they also keep C2 from loading a whole row before it uses any of it.
 * The step of all loops is a variable: C2 would unroll a counted loop over kernel rows and spill,
 * and of one over tiles it would check the columns of all tiles beforehand, of which those in the
 * padding fail; it then compiles anew, for seconds.
 *
 * <p>The last columns are addressed through a variable, too: of addresses that differ by constants
 * C2 checks the outermost together with the first, though it stand in a branch not taken, and so
 * fails at the end of an array. What one such failure costs tells the documentation of the package
 * of vector code.
 */
final class DepthwiseGenerator implements KernelGenerator {

  private static final int BLOCK = 16;

  /**
   * A lane width with its widest tiles, chosen by measurement: with seven columns a walk of stride
   * 1 spills.
   *
   * @param walk columns of a walk of stride 1; it needs three sums for each, and nine registers
   * @param sparse columns of a walk of stride 2; it needs two sums for each
   * @param row columns of rows that are not walked
   */
  private record Width(int lanes, int walk, int sparse, int row) {}

  private static final List<Width> WIDTHS =
      List.of(new Width(16, 5, 8, 14), new Width(8, 1, 2, 6), new Width(4, 1, 2, 6));

  private static final List<Integer> KERNELS = List.of(3, 5, 7);

  /** The literals of one generated method. */
  private record Variant(int kernel, int stride, int columns) {

    /** Input columns that a tile touches. */
    int span() {
      return (columns - 1) * stride + kernel;
    }

    String name(String method) {
      return "%s%dx%dStride%d".formatted(method, kernel, columns, stride);
    }
  }

  @Override
  public List<JavaFile> files() {
    return WIDTHS.stream()
        .map(width -> new JavaFile("depthwise/Depthwise" + width.lanes, type(width)))
        .toList();
  }

  private static List<Variant> walks(Width width) {
    List<Variant> variants = new ArrayList<>();
    for (int columns = 1; columns <= width.walk; columns++) {
      variants.add(new Variant(3, 1, columns));
    }
    for (int columns = 1; columns <= width.sparse; columns++) {
      variants.add(new Variant(3, 2, columns));
    }
    return variants;
  }

  private static List<Variant> rows(Width width) {
    List<Variant> variants = new ArrayList<>();
    for (int kernel : KERNELS) {
      for (int stride = 1; stride <= 2; stride++) {
        for (int columns = 1; columns <= width.row; columns++) {
          variants.add(new Variant(kernel, stride, columns));
        }
      }
    }
    return variants;
  }

  private static String type(Width width) {
    return """
    package dev.lanewise.kernels.depthwise;

    import jdk.incubator.vector.FloatVector;
    import jdk.incubator.vector.VectorSpecies;

    /** The depthwise kernels on ${lanes} lanes. */
    final class Depthwise${lanes} extends DepthwiseKernel {

      private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_${bits};

      Depthwise${lanes}() {
        super(${lanes}, ${walk}, ${sparse}, ${row});
      }

      @Override
      void walk(
          ColumnRun run, int firstTile, int endTile, int rows, boolean top, boolean bottom,
          float[] in, int inBase, int inRow, float[] filter, int filterBase,
          float[] bias, int biasBase, float[] out, int outBase, int outRow) {
        int cut = bottom ? NEVER : ${cut};
        int pad = bottom ? ${pad} : NEVER;
        switch (run.stride() * 100 + run.columns()) {
    ${walkCases}      default -> throw new IllegalArgumentException("no walk for " + run);
        }
      }

      @Override
      void row(
          ColumnRun run, int firstTile, int endTile, int[] inRows, int[] filterRows, int rows,
          int outRows, float[] in, int inBase, int inStep, float[] filter, int filterBase,
          float[] bias, int biasBase, float[] out, int outBase, int outRow) {
        switch ((run.kernel() * 100 + run.stride()) * 100 + run.columns()) {
    ${rowCases}      default -> throw new IllegalArgumentException("no row for " + run);
        }
      }

      @Override
      void taps(
          ColumnRun run, int firstTile, int endTile, int[] inRows, int[] filterRows, int rows,
          float[] in, int inBase, float[] filter, int filterBase,
          float[] bias, int biasBase, float[] out, int outBase) {
        switch (run.columns()) {
    ${tapsCases}      default -> throw new IllegalArgumentException("no taps for " + run);
        }
      }
    ${walks}${rows}${taps}}
    """
        .replace("${cut}", "(rows - 1) * run.stride() * inRow")
        .replace("${pad}", "(rows - 2) * run.stride() * inRow")
        .replace("${walkCases}", join(walks(width).stream(), DepthwiseGenerator::walkCase))
        .replace("${rowCases}", join(rows(width).stream(), DepthwiseGenerator::rowCase))
        .replace("${tapsCases}", Lines.each(width.row, w -> tapsCase(w + 1)))
        .replace("${walks}", join(walks(width).stream(), DepthwiseGenerator::walk))
        .replace("${rows}", join(rows(width).stream(), DepthwiseGenerator::row))
        .replace("${taps}", Lines.each(width.row, w -> taps(w + 1)))
        .replace("${lanes}", "" + width.lanes)
        .replace("${bits}", "" + width.lanes * Float.SIZE)
        .replace("${walk}", "" + width.walk)
        .replace("${sparse}", "" + width.sparse)
        .replace("${row}", "" + width.row);
  }

  private static String join(Stream<Variant> variants, Function<Variant, String> text) {
    return String.join("", variants.map(text).toList());
  }

  private static String walkCase(Variant variant) {
    return """
          case ${stride}${columns} -> ${name}(
              firstTile, endTile, run.left(), run.tiles() - 1, run.right(), top, cut, pad, 1,
              in, inBase, inRow, filter, filterBase, bias, biasBase, out, outBase, outRow);
    """
        .replace("${stride}${columns}", "" + (variant.stride * 100 + variant.columns))
        .replace("${name}", variant.name("walk"));
  }

  private static String rowCase(Variant variant) {
    int key = (variant.kernel * 100 + variant.stride) * 100 + variant.columns;
    return """
          case ${key} -> ${name}(
              firstTile, endTile, run.left(), run.tiles() - 1, run.right(),
              inRows, filterRows, rows, outRows, 1,
              in, inBase, inStep, filter, filterBase, bias, biasBase, out, outBase, outRow);
    """
        .replace("${key}", "" + key)
        .replace("${name}", variant.name("row"));
  }

  private static String tapsCase(int columns) {
    return """
          case ${columns} -> taps${columns}(
              firstTile, endTile, run.pixelStep(), run.tapStep(), run.firstTap(), run.endTap(),
              inRows, filterRows, rows, 1,
              in, inBase, filter, filterBase, bias, biasBase, out, outBase);
    """
        .replace("${columns}", "" + columns);
  }

  /** Goes down a tile of columns; {@code top} and {@code pad}: a kernel row in the padding. */
  private static String walk(Variant variant) {
    return """

      private static void ${name}(
          int firstTile, int endTile, int leftmost, int lastTile, int rightmost,
          boolean top, int cut, int pad, int one,
          float[] in, int inBase, int inRow, float[] filter, int filterBase,
          float[] bias, int biasBase, float[] out, int outBase, int outRow) {
    ${filter}        FloatVector start = FloatVector.fromArray(SPECIES, bias, biasBase);
        int t = firstTile;
        while (t != endTile) {
          int left = t == 0 ? leftmost : 0;
          int right = t == lastTile ? rightmost : 0;
          int p = inBase + t * ${inTile};
          int q = outBase + t * ${outTile};
    ${body}      t += one;
        }
      }
    """
        .replace("${name}", variant.name("walk"))
        .replace("${filter}", Lines.each(9, DepthwiseGenerator::filterTap))
        .replace("${inTile}", "" + variant.columns * variant.stride * BLOCK)
        .replace("${outTile}", "" + variant.columns * BLOCK)
        .replace("${body}", variant.stride == 1 ? denseWalk(variant) : sparseWalk(variant));
  }

  private static String filterTap(int tap) {
    return "    FloatVector f%d_%d = FloatVector.fromArray(SPECIES, filter, filterBase + %d);\n"
        .formatted(tap / 3, tap % 3, tap * BLOCK);
  }

  /** Stride 1: each input row ends sums a, continues sums b and begins sums c. */
  private static String denseWalk(Variant variant) {
    return """
    ${startA}${startB}      if (!top) {
    ${row0}      }
          p += inRow;
    ${row1}      p += inRow;
          int cutAt = cut == NEVER ? NEVER : p + cut;
          int padAt = pad == NEVER ? NEVER : p + pad;
          while (true) {
    ${startC}${row2}${storeA}        if (p == cutAt) {
              break;
            }
            if (p == padAt) {
              q += outRow;
    ${storeB}          break;
            }
    ${rotate}        p += inRow;
            q += outRow;
          }
    """
        .replace("${startA}", each(variant, j -> start("a", j)))
        .replace("${startB}", each(variant, j -> start("b", j)))
        .replace("${startC}", each(variant, j -> start("c", j)))
        .replace("${row0}", inputRow(variant, "a0"))
        .replace("${row1}", inputRow(variant, "a1", "b0"))
        .replace("${row2}", inputRow(variant, "a2", "b1", "c0"))
        .replace("${storeA}", each(variant, j -> store("a", j)))
        .replace("${storeB}", each(variant, j -> store("b", j)))
        .replace(
            "${rotate}",
            each(variant, j -> "        a%1$d = b%1$d;\n        b%1$d = c%1$d;\n".formatted(j)));
  }

  /** Stride 2: of two input rows the second ends sums a and begins sums b. */
  private static String sparseWalk(Variant variant) {
    return """
    ${startA}      if (!top) {
    ${row0}      }
          p += inRow;
          int cutAt = cut == NEVER ? NEVER : p + cut;
          int padAt = pad == NEVER ? NEVER : p + pad + 2 * inRow;
          while (true) {
    ${row1}        if (p == padAt) {
    ${storeA}          break;
            }
            int next = p + inRow;
    ${startB}${row2}${storeA}        if (p == cutAt) {
              break;
            }
    ${rotate}        p = next + inRow;
            q += outRow;
          }
    """
        .replace("${startA}", each(variant, j -> start("a", j)))
        .replace("${startB}", each(variant, j -> start("b", j)))
        .replace("${row0}", inputRow(variant, "a0"))
        .replace("${row1}", inputRow(variant, "a1"))
        .replace("${row2}", inputRow(variant, "a2", "b0").replace("p + ", "next + "))
        .replace("${storeA}", each(variant, j -> store("a", j)))
        .replace("${rotate}", each(variant, j -> "        a%1$d = b%1$d;\n".formatted(j)));
  }

  /** Output rows of a tile, each from the same list of kernel rows. */
  private static String row(Variant variant) {
    return """

      private static void ${name}(
          int firstTile, int endTile, int leftmost, int lastTile, int rightmost,
          int[] inRows, int[] filterRows, int rows, int outRows, int one,
          float[] in, int inBase, int inStep, float[] filter, int filterBase,
          float[] bias, int biasBase, float[] out, int outBase, int outRow) {
        FloatVector start = FloatVector.fromArray(SPECIES, bias, biasBase);
        int t = firstTile;
        while (t != endTile) {
          int left = t == 0 ? leftmost : 0;
          int right = t == lastTile ? rightmost : 0;
          int base = inBase + t * ${inTile};
          int q = outBase + t * ${outTile};
          int y = 0;
          while (y != outRows) {
    ${start}      int r = 0;
          while (r != rows) {
            int p = base + inRows[r];
            int w = filterBase + filterRows[r];
    ${filter}${row}        r += one;
          }
    ${store}      base += inStep;
          q += outRow;
          y += one;
          }
          t += one;
        }
      }
    """
        .replace("${name}", variant.name("row"))
        .replace("${inTile}", "" + variant.columns * variant.stride * BLOCK)
        .replace("${outTile}", "" + variant.columns * BLOCK)
        .replace("${start}", each(variant, j -> start("a", j)))
        .replace(
            "${filter}",
            Lines.each(
                variant.kernel,
                k ->
                    "        FloatVector f0_%d = FloatVector.fromArray(SPECIES, filter, w + %d);\n"
                        .formatted(k, k * BLOCK)))
        .replace("${row}", inputRow(variant, "a0"))
        .replace("${store}", each(variant, j -> store("a", j)));
  }

  /** One output row of a tile, tap by tap. */
  private static String taps(int columns) {
    return """

      private static void taps${columns}(
          int firstTile, int endTile, int pixelStep, int tapStep, int firstTap, int endTap,
          int[] inRows, int[] filterRows, int rows, int one,
          float[] in, int inBase, float[] filter, int filterBase,
          float[] bias, int biasBase, float[] out, int outBase) {
        FloatVector start = FloatVector.fromArray(SPECIES, bias, biasBase);
        int t = firstTile;
        while (t != endTile) {
          int base = inBase + t * ${columns} * pixelStep + firstTap * tapStep;
          int q = outBase + t * ${outTile};
    ${start}      int r = 0;
          while (r != rows) {
            int p = base + inRows[r];
            int w = filterBase + filterRows[r] + firstTap * ${block};
            int k = firstTap;
            while (k != endTap) {
              FloatVector f = FloatVector.fromArray(SPECIES, filter, w);
    ${products}          p += tapStep;
              w += ${block};
              k += one;
            }
            r += one;
          }
    ${store}      t += one;
        }
      }
    """
        .replace("${columns}", "" + columns)
        .replace("${outTile}", "" + columns * BLOCK)
        .replace("${block}", "" + BLOCK)
        .replace("${start}", Lines.each(columns, j -> start("a", j)))
        .replace(
            "${products}",
            Lines.each(
                columns,
                j ->
                    "          a%1$d = f.fma(FloatVector.fromArray(SPECIES, in, p + %1$d * pixelStep), a%1$d);\n"
                        .formatted(j)))
        .replace("${store}", Lines.each(columns, j -> store("a", j)));
  }

  /**
   * The products of one input row at {@code p}: sums of the given letters with the kernel rows of
   * the digits behind them. Columns that the first or last tile may miss stand in branches.
   */
  private static String inputRow(Variant variant, String... sums) {
    return Lines.each(variant.span(), c -> inputColumn(variant, c, sums));
  }

  private static String inputColumn(Variant variant, int column, String... sums) {
    int border = variant.kernel / 2;
    int fromEnd = variant.span() - 1 - column;
    StringBuilder text = new StringBuilder();
    text.append(
        column < border
            ? "      if (left <= %d) {\n".formatted(column)
            : fromEnd < border ? "      if (right <= %d) {\n".formatted(fromEnd) : "      {\n");
    text.append(
        "        FloatVector x = FloatVector.fromArray(SPECIES, in, p + %s);\n"
            .formatted(
                fromEnd < border ? "one + %d".formatted(column * BLOCK - 1) : column * BLOCK));
    for (String sum : sums) {
      for (int k = variant.kernel - 1; k >= 0; k--) {
        int j = (column - k) / variant.stride;
        if (column >= k && (column - k) % variant.stride == 0 && j < variant.columns) {
          text.append(
              "        %1$s%2$d = x.fma(f%3$s_%4$d, %1$s%2$d);\n"
                  .formatted(sum.charAt(0), j, sum.charAt(1), k));
        }
      }
    }
    return text.append("      }\n").toString();
  }

  private static String start(String sum, int column) {
    return "      FloatVector %s%d = start;\n".formatted(sum, column);
  }

  private static String store(String sum, int column) {
    return "      %s%d.intoArray(out, q + %d);\n".formatted(sum, column, column * BLOCK);
  }

  private static String each(Variant variant, IntFunction<String> line) {
    return Lines.each(variant.columns, line);
  }
}
