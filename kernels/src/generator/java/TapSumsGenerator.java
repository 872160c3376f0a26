import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes the kernels of the depthwise gradient by filter that walk down columns, one class for each
 * lane width: the sums of some kernel rows stay in registers while a tile of output columns is
 * walked down. Of stride 2, those of 3 x 3 are {@code RowSumsGenerator}'s.
 *
 * <p>A step takes the next input rows, as many as the stride, and multiplies each vector with all
 * gradients that it meets: those of the last few output rows stay in registers, too. Input and
 * gradient are read where they lie. Columns of the first and last tile that fall into the padding
 * are skipped by branches that are always predicted; rows of the gradient that do not exist, and of
 * the input with stride 2, are read from zeros instead, because C2 copies all sums where a branch
 * ends. The step of the loop is a variable, because C2 would unroll a counted loop and spill.
 *
 * <p>Each of the last columns is addressed by a product with that variable: of addresses that
 * differ by constants C2 checks the outermost together with the first, though it stand in a branch
 * not taken, and so fails at the end of an array.
 */
final class TapSumsGenerator implements KernelGenerator {

  private static final int BLOCK = 16;

  private static final List<Integer> KERNELS = List.of(3, 5, 7);

  /** More floats than a tile of the input is wide. */
  private static final int ZEROS = 16 * BLOCK;

  /**
   * The literals of one generated method.
   *
   * @param kernel width of the kernel
   * @param kernelRows kernel rows that are summed together
   * @param stride pixels from one output pixel's input to the next one's
   * @param columns output columns of a tile
   */
  private record Variant(int kernel, int kernelRows, int stride, int columns) {

    String name() {
      return "kernel%dRows%dStride%dColumns%d".formatted(kernel, kernelRows, stride, columns);
    }

    int key() {
      return ((kernel * 10 + kernelRows) * 10 + stride) * 10 + columns;
    }

    /** Output rows before the newest that a step's input rows also meet. */
    int earlier() {
      return (kernelRows - 1) / stride;
    }

    /** Input columns that a tile touches. */
    int span() {
      return (columns - 1) * stride + kernel;
    }
  }

  @Override
  public List<JavaFile> files() {
    return List.of(16, 8, 4).stream()
        .map(lanes -> new JavaFile("depthwise/TapSums" + lanes, type(lanes)))
        .toList();
  }

  /** Kernel rows whose sums fit into the registers: 32 of 16 lanes, else 16. */
  private static int mostRows(int lanes, int kernel) {
    if (lanes < 16) {
      return 1;
    }
    return kernel == 7 ? 2 : 3;
  }

  /** Columns of a tile: the same on all lanes, because they decide the order of the sums. */
  private static int mostColumns(int kernel) {
    return kernel == 3 ? 4 : 3;
  }

  private static List<Variant> variants(int lanes) {
    List<Variant> variants = new ArrayList<>();
    for (int kernel : KERNELS) {
      for (int stride = 1; stride <= 2; stride++) {
        int most = kernel == 3 && stride == 2 ? 1 : mostRows(lanes, kernel);
        for (int rows = 1; rows <= most; rows++) {
          for (int columns = 1; columns <= mostColumns(kernel); columns++) {
            variants.add(new Variant(kernel, rows, stride, columns));
          }
        }
      }
    }
    return variants;
  }

  private static String type(int lanes) {
    return """
    package dev.lanewise.kernels.depthwise;

    import jdk.incubator.vector.FloatVector;
    import jdk.incubator.vector.VectorSpecies;

    /** The sums of the depthwise gradient by filter on ${lanes} lanes. */
    final class TapSums${lanes} extends TapSums {

      private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_${bits};
      private static final float[] ZEROS = new float[${zeros}];

      TapSums${lanes}() {
        super(${lanes});
      }

      @Override
      int mostKernelRows(int kernel) {
        return kernel == 7 ? ${rows7} : ${rows5};
      }

      @Override
      void addTiles(
          Geometry geometry, int count, Planes planes, int kernelRow, int kernelRows, int row, int rows, int columns, int column, int end,
          float[] in, int inBase, float[] grad, int gradBase, float[] sums, int sumsBase) {
        int stride = geometry.width().stride();
        switch (((geometry.width().kernel() * 10 + kernelRows) * 10 + stride) * 10 + columns) {
    ${cases}      default ->
              throw new IllegalArgumentException("no sums of " + kernelRows + " rows of " + geometry);
        }
      }
    ${tap}${methods}}
    """
        .replace("${zeros}", "" + ZEROS)
        .replace("${rows7}", "" + mostRows(lanes, 7))
        .replace("${rows5}", "" + mostRows(lanes, 5))
        .replace("${cases}", join(lanes, TapSumsGenerator::call))
        .replace("${tap}", tap())
        .replace("${methods}", join(lanes, TapSumsGenerator::method))
        .replace("${lanes}", "" + lanes)
        .replace("${bits}", "" + lanes * Float.SIZE)
        .replace("${block}", "" + BLOCK);
  }

  private static String join(int lanes, Function<Variant, String> text) {
    return variants(lanes).stream().map(text).collect(Collectors.joining());
  }

  private static String call(Variant variant) {
    return """
          case ${key} ->
              ${name}(
                  geometry, count, planes, kernelRow, row, rows, column, end, 1, in, inBase, grad, gradBase, sums, sumsBase);
    """
        .replace("${key}", "" + variant.key())
        .replace("${name}", variant.name());
  }

  /** A single tap over pixels that all lie inside the input. */
  private static String tap() {
    return """

      @Override
      void addTap(
          int rows, int columns, float[] in, int inBase, int inRow, int inStep,
          float[] grad, int gradBase, int gradRow, float[] sums, int sumsBase) {
        FloatVector s = FloatVector.fromArray(SPECIES, sums, sumsBase);
        for (int row = 0; row < rows; row++) {
          int p = inBase + row * inRow;
          int g = gradBase + row * gradRow;
          int end = g + columns * ${block};
          while (g != end) {
            s = FloatVector.fromArray(SPECIES, in, p).fma(FloatVector.fromArray(SPECIES, grad, g), s);
            p += inStep;
            g += ${block};
          }
        }
        s.intoArray(sums, sumsBase);
      }
    """;
  }

  private static String method(Variant variant) {
    return """

      private static void ${name}(
          Geometry geometry, int count, Planes planes, int kernelRow, int row, int rows, int column, int end, int one,
          float[] in, int inBase, float[] grad, int gradBase, float[] sums, int sumsBase) {
        int height = geometry.height().input();
        int inRow = geometry.inRow();
        int gradRow = geometry.outRow();
        int leftmost = geometry.width().padBefore();
        int rightmost = geometry.columnsAfter();
        int last = geometry.width().output() - ${columns};
        int top = row * ${stride} - geometry.height().padBefore() + kernelRow;
        int skip = Math.max(0, -top) / ${stride};
        int steps = Math.min(rows + ${earlier}, Math.ceilDiv(height - top, ${stride}));
        int inOrigin = inBase - leftmost * ${block};
        int plane = 0;
        while (plane != count) {
    ${loads}    int j = column;
        while (j != end) {
          int left = leftmost - j * ${stride};
          int right = rightmost - (last - j) * ${stride};
          int pFirst = inOrigin + j * ${step};
          int pEnd = pFirst + height * inRow;
          int p = pFirst + (top + skip * ${stride}) * inRow;
          int gFirst = gradBase + row * gradRow + j * ${block};
          int gEnd = gFirst + rows * gradRow;
          int g = gFirst + skip * gradRow;
    ${starts}      int step = skip;
          while (step < steps) {
            float[] newest = g < gEnd ? grad : ZEROS;
            int n = g < gEnd ? g : 0;
    ${gradients}${inputs}${shift}        p += ${stride} * inRow;
            g += gradRow;
            step += one;
          }
          j += ${columns};
        }
    ${stores}    inOrigin += planes.in();
        gradBase += planes.grad();
        sumsBase += planes.sums();
        plane += one;
        }
      }
    """
        .replace("${name}", variant.name())
        .replace(
            "${loads}",
            sums(
                variant,
                "    FloatVector s%d_%d = FloatVector.fromArray(SPECIES, sums, sumsBase + %d);\n"))
        .replace("${stores}", sums(variant, "    s%d_%d.intoArray(sums, sumsBase + %d);\n"))
        .replace("${starts}", Lines.each(variant.earlier(), m -> start(variant, m + 1)))
        .replace("${gradients}", gradients(variant, 0, "newest", "n"))
        .replace("${inputs}", Lines.each(variant.stride, s -> inputRow(variant, s)))
        .replace("${shift}", shift(variant))
        .replace("${columns}", "" + variant.columns)
        .replace("${earlier}", "" + variant.earlier())
        .replace("${step}", "" + variant.stride * BLOCK)
        .replace("${stride}", "" + variant.stride)
        .replace("${block}", "" + BLOCK);
  }

  private static String sums(Variant variant, String line) {
    int kernel = variant.kernel;
    return Lines.each(
        variant.kernelRows * kernel, t -> line.formatted(t / kernel, t % kernel, t * BLOCK));
  }

  /** The gradients of a row that the first step finds in registers. */
  private static String start(Variant variant, int m) {
    return """
          boolean begun${m} = skip >= ${m} && skip - ${m} < rows;
          float[] earlier${m} = begun${m} ? grad : ZEROS;
          int e${m} = begun${m} ? g - ${m} * gradRow : 0;
    """
            .replace("${m}", "" + m)
        + gradients(variant, m, "earlier" + m, "e" + m);
  }

  private static String gradients(Variant variant, int m, String source, String at) {
    return Lines.each(
        variant.columns,
        j ->
            "      FloatVector g%d_%d = FloatVector.fromArray(SPECIES, %s, %s + %d);\n"
                .formatted(m, j, source, at, j * BLOCK));
  }

  private static String inputRow(Variant variant, int s) {
    if (s >= variant.kernelRows) {
      return "";
    }
    String place =
        variant.stride == 1
            ? """
                    float[] in0 = in;
                    int p0 = p;
            """
            : """
                    int row${s} = p + ${s} * inRow;
                    boolean inside${s} = row${s} >= pFirst && row${s} < pEnd;
                    float[] in${s} = inside${s} ? in : ZEROS;
                    int p${s} = inside${s} ? row${s} : 0;
            """
                .replace("${s}", "" + s);
    return place + Lines.each(variant.span(), c -> inputColumn(variant, s, c));
  }

  private static String inputColumn(Variant variant, int s, int column) {
    int border = variant.kernel / 2;
    int fromEnd = variant.span() - 1 - column;
    StringBuilder text = new StringBuilder();
    text.append(
        column < border
            ? "          if (left <= %d) {\n".formatted(column)
            : fromEnd < border
                ? "          if (right <= %d) {\n".formatted(fromEnd)
                : "          {\n");
    text.append(
        "            FloatVector x = FloatVector.fromArray(SPECIES, in%1$d, p%1$d + %2$s);\n"
            .formatted(
                s, fromEnd < border ? "one * %d".formatted(column * BLOCK) : column * BLOCK));
    for (int m = 0; s + m * variant.stride < variant.kernelRows; m++) {
      for (int k = variant.kernel - 1; k >= 0; k--) {
        int j = (column - k) / variant.stride;
        if (column >= k && (column - k) % variant.stride == 0 && j < variant.columns) {
          text.append(
              "            s%1$d_%2$d = x.fma(g%3$d_%4$d, s%1$d_%2$d);\n"
                  .formatted(s + m * variant.stride, k, m, j));
        }
      }
    }
    return text.append("          }\n").toString();
  }

  /** The gradients of a row become those of the row before. */
  private static String shift(Variant variant) {
    StringBuilder text = new StringBuilder();
    for (int m = variant.earlier(); m > 0; m--) {
      for (int j = 0; j < variant.columns; j++) {
        text.append("        g%1$d_%3$d = g%2$d_%3$d;\n".formatted(m, m - 1, j));
      }
    }
    return text.toString();
  }
}
