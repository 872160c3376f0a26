import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes the sums of the depthwise gradient by filter that walk along rows, for 3 x 3 kernels of
 * stride 2, one class for each lane width.
 *
 * <p>With stride 2 a product has 0.6 loads, so that operands come from far away and in the order in
 * which they lie. On 16 lanes all nine sums stay in registers: a step takes two input rows, the
 * middle one of an output row and the one that it shares with the next, and the gradients of both.
 * Narrower lanes sum one kernel row at a time. Columns in the padding are skipped by branches, rows
 * in it are read from zeros.
 */
final class RowSumsGenerator implements KernelGenerator {

  private static final int BLOCK = 16;
  private static final int KERNEL = 3;
  private static final int STRIDE = 2;

  /** Output columns of the widest run. */
  private static final int MOST_COLUMNS = 4;

  /** More floats than a run of the input is wide. */
  private static final int ZEROS = 16 * BLOCK;

  /** One input row, gradient row and kernel row of a step that meet. */
  private record Meeting(int input, int gradient, int kernelRow) {}

  private static final List<Meeting> ALL_ROWS =
      List.of(new Meeting(0, 0, 1), new Meeting(1, 0, 2), new Meeting(1, 1, 0));

  private static final List<Meeting> ONE_ROW = List.of(new Meeting(0, 0, 0));

  /** The literals of one generated method. */
  private record Variant(List<Meeting> meetings, int columns) {

    int inputRows() {
      return meetings.getLast().input + 1;
    }

    int gradientRows() {
      return meetings.getLast().gradient + 1;
    }

    /** Input columns that a run touches. */
    int span() {
      return (columns - 1) * STRIDE + KERNEL;
    }
  }

  @Override
  public List<JavaFile> files() {
    return Stream.of(16, 8, 4)
        .map(lanes -> new JavaFile("depthwise/RowSums" + lanes, type(lanes)))
        .toList();
  }

  private static String type(int lanes) {
    List<Meeting> meetings = lanes == BLOCK ? ALL_ROWS : ONE_ROW;
    return """
    package dev.lanewise.kernels.depthwise;

    import dev.lanewise.kernels.shape.Axis;
    import jdk.incubator.vector.FloatVector;
    import jdk.incubator.vector.VectorSpecies;

    /** The sums along rows of the depthwise gradient by filter on ${lanes} lanes. */
    final class RowSums${lanes} extends RowSums {

      private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_${bits};
      private static final float[] ZEROS = new float[${zeros}];

      RowSums${lanes}() {
        super(${lanes}, ${kernelRows});
      }

      @Override
      void addColumns(
          Geometry geometry, int firstRow, int ahead, int step, int endStep, int column, int columns,
          int runs, float[] in, int inBase, float[] grad, int gradBase, float[] sums, int sumsBase) {
        switch (columns) {
    ${cases}      default -> throw new IllegalArgumentException("no run of " + columns + " columns");
        }
      }
    ${methods}}
    """
        .replace("${zeros}", "" + ZEROS)
        .replace("${kernelRows}", "" + meetings.size())
        .replace("${cases}", join(meetings, RowSumsGenerator::call))
        .replace("${methods}", join(meetings, RowSumsGenerator::method))
        .replace("${lanes}", "" + lanes)
        .replace("${bits}", "" + lanes * Float.SIZE);
  }

  private static String join(List<Meeting> meetings, Function<Variant, String> text) {
    return Stream.iterate(1, columns -> columns <= MOST_COLUMNS, columns -> columns + 1)
        .map(columns -> text.apply(new Variant(meetings, columns)))
        .collect(Collectors.joining());
  }

  private static String call(Variant variant) {
    return """
          case ${columns} ->
              columns${columns}(
                  geometry, firstRow, ahead, step, endStep, column, runs, 1,
                  in, inBase, grad, gradBase, sums, sumsBase);
    """
        .replace("${columns}", "" + variant.columns);
  }

  private static String method(Variant variant) {
    return """

      private static void columns${columns}(
          Geometry geometry, int firstRow, int ahead, int step, int endStep, int column, int runs, int one,
          float[] in, int inBase, float[] grad, int gradBase, float[] sums, int sumsBase) {
        Axis width = geometry.width();
        int inRows = geometry.height().input();
        int gradRows = geometry.height().output();
        int inRow = geometry.inRow();
        int gradRow = geometry.outRow();
        int leftmost = column == 0 ? width.padBefore() : 0;
        int rightmost = column + runs * ${columns} == width.output() ? geometry.columnsAfter() : 0;
        int x = inBase + (column * ${stride} - width.padBefore()) * ${block};
        int g = gradBase + column * ${block};
    ${loads}    int i = step;
        while (i != endStep) {
    ${inputRows}${gradientRows}      int left = leftmost;
          int run = 0;
          while (run != runs) {
            run += one;
            int right = run == runs ? rightmost : 0;
    ${gradients}${products}        left = 0;
    ${advance}      }
          i += one;
        }
    ${stores}  }
    """
        .replace(
            "${loads}", sums(variant, "FloatVector %s = FloatVector.fromArray(SPECIES, sums, %s);"))
        .replace("${stores}", sums(variant, "%s.intoArray(sums, %s);"))
        .replace("${inputRows}", Lines.each(variant.inputRows(), RowSumsGenerator::inputRow))
        .replace(
            "${gradientRows}", Lines.each(variant.gradientRows(), RowSumsGenerator::gradientRow))
        .replace("${gradients}", Lines.each(variant.gradientRows(), m -> gradients(variant, m)))
        .replace("${products}", Lines.each(variant.span(), c -> inputColumn(variant, c)))
        .replace(
            "${advance}",
            Lines.each(variant.inputRows(), s -> "        p%1$d += inStep%1$d;\n".formatted(s))
                + Lines.each(
                    variant.gradientRows(), m -> "        q%1$d += gradStep%1$d;\n".formatted(m)))
        .replace("${inStep}", "" + variant.columns * STRIDE * BLOCK)
        .replace("${gradStep}", "" + variant.columns * BLOCK)
        .replace("${columns}", "" + variant.columns)
        .replace("${stride}", "" + STRIDE)
        .replace("${block}", "" + BLOCK);
  }

  private static String sums(Variant variant, String line) {
    return Lines.each(
        variant.meetings.size() * KERNEL,
        t ->
            "    %s%n"
                .formatted(
                    line.formatted(
                        "s%d_%d".formatted(t / KERNEL, t % KERNEL), "sumsBase + " + t * BLOCK)));
  }

  private static String inputRow(int s) {
    return """
          int row${s} = i * ${stride} + firstRow + ${s};
          boolean inside${s} = row${s} >= 0 && row${s} < inRows;
          float[] in${s} = inside${s} ? in : ZEROS;
          int p${s} = inside${s} ? x + row${s} * inRow : 0;
          int inStep${s} = inside${s} ? ${inStep} : 0;
    """
        .replace("${s}", "" + s);
  }

  private static String gradientRow(int m) {
    return """
          int window${m} = i + ahead + ${m};
          boolean begun${m} = window${m} >= 0 && window${m} < gradRows;
          float[] grad${m} = begun${m} ? grad : ZEROS;
          int q${m} = begun${m} ? g + window${m} * gradRow : 0;
          int gradStep${m} = begun${m} ? ${gradStep} : 0;
    """
        .replace("${m}", "" + m);
  }

  private static String gradients(Variant variant, int m) {
    return Lines.each(
        variant.columns,
        j ->
            "        FloatVector g%1$d_%2$d = FloatVector.fromArray(SPECIES, grad%1$d, q%1$d + %3$d);\n"
                .formatted(m, j, j * BLOCK));
  }

  private static String inputColumn(Variant variant, int column) {
    StringBuilder text = new StringBuilder();
    text.append(
        column == 0
            ? "        if (left == 0) {\n"
            : column == variant.span() - 1 ? "        if (right == 0) {\n" : "        {\n");
    text.append(
        Lines.each(
            variant.inputRows(),
            s ->
                "          FloatVector x%1$d = FloatVector.fromArray(SPECIES, in%1$d, p%1$d + %2$d);\n"
                    .formatted(s, column * BLOCK)));
    for (int tap = KERNEL - 1; tap >= 0; tap--) {
      int j = (column - tap) / STRIDE;
      if (column >= tap && (column - tap) % STRIDE == 0 && j < variant.columns) {
        for (Meeting meeting : variant.meetings) {
          text.append(
              "          s%1$d_%2$d = x%3$d.fma(g%4$d_%5$d, s%1$d_%2$d);\n"
                  .formatted(meeting.kernelRow, tap, meeting.input, meeting.gradient, j));
        }
      }
    }
    return text.append("        }\n").toString();
  }
}
