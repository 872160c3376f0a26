import java.util.List;

/**
 * Writes the kernel of transposed depthwise convolutions with a 3 x 3 kernel and stride 2, one
 * class for each lane width.
 *
 * <p>Four neighbouring inputs decide two by two outputs; the filter and two of the inputs stay in
 * registers, so that an input is loaded twice and an output stored once.
 */
final class DepthwisePatchesGenerator implements KernelGenerator {

  private static final int BLOCK = 16;

  /** The products of each output of a patch, in their order: tap row, column, input row, column. */
  private static final List<List<int[]>> PATCH =
      List.of(
          List.of(new int[] {1, 1, 0, 0}),
          List.of(new int[] {1, 0, 0, 1}, new int[] {1, 2, 0, 0}),
          List.of(new int[] {0, 1, 1, 0}, new int[] {2, 1, 0, 0}),
          List.of(
              new int[] {0, 0, 1, 1},
              new int[] {0, 2, 1, 0},
              new int[] {2, 0, 0, 1},
              new int[] {2, 2, 0, 0}));

  @Override
  public List<JavaFile> files() {
    return List.of(16, 8, 4).stream()
        .map(lanes -> new JavaFile("transposed/DepthwisePatches" + lanes, type(lanes)))
        .toList();
  }

  private static String type(int lanes) {
    return """
    package dev.lanewise.kernels.transposed;

    import jdk.incubator.vector.FloatVector;
    import jdk.incubator.vector.VectorSpecies;

    /** Two by two outputs of each input on ${lanes} lanes. */
    final class DepthwisePatches${lanes} extends DepthwisePatches {

      private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_${bits};

      DepthwisePatches${lanes}() {
        super(${lanes});
      }

      @Override
      void add(
          int rows, int columns, int over, int one, float[] in, int inBase, int inRow,
          float[] filter, int filterBase, float[] bias, int biasBase,
          float[] out, int outBase, int outRow) {
    ${filter}    int row = 0;
        while (row != rows) {
          int p = inBase + row * inRow;
          int q = outBase + row * 2 * outRow;
          FloatVector x0_0 = FloatVector.fromArray(SPECIES, in, p);
          FloatVector x1_0 = FloatVector.fromArray(SPECIES, in, p + inRow);
          int j = 0;
          while (j != columns) {
            p += ${block};
            FloatVector x0_1 = FloatVector.fromArray(SPECIES, in, p);
            FloatVector x1_1 = FloatVector.fromArray(SPECIES, in, p + inRow);
    ${patch}        x0_0 = x0_1;
            x1_0 = x1_1;
            q += 2 * ${block};
            j += one;
          }
          if (over > 0) {
    ${first}      }
          if (over > 1) {
    ${second}      }
          row += one;
        }
      }
    }
    """
        .replace(
            "${filter}",
            Lines.each(
                9,
                t ->
                    "    FloatVector f%d_%d = FloatVector.fromArray(SPECIES, filter, filterBase + %d);\n"
                        .formatted(t / 3, t % 3, t * BLOCK)))
        .replace("${patch}", Lines.each(4, o -> output(o, 1)))
        .replace("${first}", output(0, 0) + output(2, 0))
        .replace("${second}", output(1, 0) + output(3, 0))
        .replace("${lanes}", "" + lanes)
        .replace("${bits}", "" + lanes * Float.SIZE)
        .replace("${block}", "" + BLOCK);
  }

  /** One output of a patch, from the inputs up to a column. */
  private static String output(int output, int lastColumn) {
    StringBuilder text = new StringBuilder();
    String sum = "y%d".formatted(output);
    text.append(
        "        FloatVector %s = FloatVector.fromArray(SPECIES, bias, biasBase);\n"
            .formatted(sum));
    for (int[] product : PATCH.get(output)) {
      if (product[3] <= lastColumn) {
        text.append(
            "        %1$s = x%4$d_%5$d.fma(f%2$d_%3$d, %1$s);\n"
                .formatted(sum, product[0], product[1], product[2], product[3]));
      }
    }
    return text.append(
            "        %s.intoArray(out, q%s + %d);\n"
                .formatted(sum, output < 2 ? "" : " + outRow", output % 2 * BLOCK))
        .toString();
  }
}
