import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes the kernels of the depthwise gradient by filter, one class for each lane width: the sums
 * of some kernel rows stay in registers while all pixels of some rows pass by.
 */
final class TapSumsGenerator implements KernelGenerator {

  private static final int BLOCK = 16;

  private static final List<Integer> WIDTHS = List.of(16, 8, 4);

  /**
   * The literals of one generated method.
   *
   * @param rows kernel rows summed together
   * @param kernel width of the kernel
   * @param stride pixels from one output pixel's input to the next one's, or 0 for a variable
   * @param pixels output pixels of one step
   */
  private record Variant(int rows, int kernel, int stride, int pixels) {
    String name() {
      return "rows%dx%dStride%d".formatted(rows, kernel, stride);
    }
  }

  private static final List<Variant> VARIANTS =
      List.of(
          new Variant(1, 1, 0, 4),
          new Variant(3, 3, 1, 4),
          new Variant(3, 3, 2, 2),
          new Variant(1, 5, 1, 8),
          new Variant(1, 5, 2, 4),
          new Variant(1, 7, 1, 6),
          new Variant(1, 7, 2, 4));

  @Override
  public List<JavaFile> files() {
    return WIDTHS.stream()
        .map(lanes -> new JavaFile("depthwise/TapSums" + lanes, type(lanes)))
        .toList();
  }

  private static String type(int lanes) {
    return """
    package dev.lanewise.kernels.depthwise;

    import jdk.incubator.vector.FloatVector;
    import jdk.incubator.vector.VectorSpecies;

    /** The sums of the depthwise gradient by filter on ${lanes} lanes. */
    final class TapSums${lanes} extends TapSums {

      private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_${bits};

      TapSums${lanes}() {
        super(${lanes});
      }

      @Override
      void add(
          int kernel, int stride, int pixelStep, int rows, int pixels,
          float[] in, int inBase, int inRow, int kernelRow,
          float[] grad, int gradBase, int gradRow, float[] sums, int sumsBase) {
        switch (kernel * 10 + stride) {
    ${cases}      default ->
              throw new IllegalArgumentException("no sums of width " + kernel + ", stride " + stride);
        }
      }
    ${methods}}
    """
        .replace("${cases}", join(TapSumsGenerator::call))
        .replace("${methods}", join(TapSumsGenerator::method))
        .replace("${lanes}", "" + lanes)
        .replace("${bits}", "" + lanes * Float.SIZE);
  }

  private static String join(Function<Variant, String> text) {
    return VARIANTS.stream().map(text).collect(Collectors.joining());
  }

  private static String call(Variant variant) {
    return """
          case ${key} -> ${name}(
              pixelStep, rows, pixels, in, inBase, inRow, kernelRow,
              grad, gradBase, gradRow, sums, sumsBase);
    """
        .replace("${key}", "" + (variant.kernel * 10 + variant.stride))
        .replace("${name}", variant.name());
  }

  private static String method(Variant variant) {
    return """

      private static void ${name}(
          int pixelStep, int rows, int pixels, float[] in, int inBase, int inRow, int kernelRow,
          float[] grad, int gradBase, int gradRow, float[] sums, int sumsBase) {
    ${loads}    for (int row = 0; row < rows; row++) {
          int p = inBase + row * inRow;
          int g = gradBase + row * gradRow;
          int end = g + pixels * ${block};
          int endOfSteps = end - pixels % ${pixels} * ${block};
          while (g != endOfSteps) {
    ${steps}        p += ${pixels} * ${step};
            g += ${pixels} * ${block};
          }
          while (g != end) {
    ${single}        p += ${step};
            g += ${block};
          }
        }
    ${stores}  }
    """
        .replace("${name}", variant.name())
        .replace(
            "${loads}",
            taps(
                variant,
                "    FloatVector s%d = FloatVector.fromArray(SPECIES, sums, sumsBase + %d);\n"))
        .replace("${stores}", taps(variant, "    s%d.intoArray(sums, sumsBase + %d);\n"))
        .replace("${steps}", products(variant, variant.pixels))
        .replace("${single}", products(variant, 1))
        .replace("${step}", variant.stride == 0 ? "pixelStep" : "" + variant.stride * BLOCK)
        .replace("${pixels}", "" + variant.pixels)
        .replace("${block}", "" + BLOCK);
  }

  private static String taps(Variant variant, String line) {
    return Lines.each(variant.rows * variant.kernel, t -> line.formatted(t, t * BLOCK));
  }

  /** The products of some pixels, each tap's in the order of the pixels. */
  private static String products(Variant variant, int pixels) {
    String grads =
        Lines.each(
            pixels,
            j ->
                "        FloatVector g%d = FloatVector.fromArray(SPECIES, grad, g + %d);\n"
                    .formatted(j, j * BLOCK));
    return grads + Lines.each(variant.rows, r -> row(variant, pixels, r));
  }

  private static String row(Variant variant, int pixels, int row) {
    int span = variant.stride == 0 ? pixels : (pixels - 1) * variant.stride + variant.kernel;
    return Lines.each(span, column -> column(variant, pixels, row, column));
  }

  /** One input vector and the products of all pixels that see it. */
  private static String column(Variant variant, int pixels, int row, int column) {
    int stride = Math.max(1, variant.stride);
    StringBuilder text = new StringBuilder("        {\n");
    String place = variant.stride == 0 ? column + " * pixelStep" : "" + column * BLOCK;
    text.append(
        "          FloatVector x = FloatVector.fromArray(SPECIES, in, p + %s%s);\n"
            .formatted(row == 0 ? "" : row + " * kernelRow + ", place));
    for (int j = 0; j < pixels; j++) {
      int tap = column - j * stride;
      if (tap >= 0 && tap < variant.kernel) {
        text.append(
            "          s%1$d = x.fma(g%2$d, s%1$d);\n".formatted(row * variant.kernel + tap, j));
      }
    }
    return text.append("        }\n").toString();
  }
}
