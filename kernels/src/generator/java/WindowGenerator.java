import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes the reductions of pooling windows on lanes, which differ in one operation.
 *
 * <p>Four windows at a time share the walk over the taps and do not wait for each other: one alone
 * takes three times as long.
 */
final class WindowGenerator implements KernelGenerator {

  private static final int TILE = 4;

  /**
   * An operation on windows.
   *
   * @param start what the first value v becomes
   * @param step what the result r becomes with a further value v
   * @param end what the result is at last
   */
  private record Reduction(String name, String start, String step, String end) {}

  private static final List<Reduction> REDUCTIONS =
      List.of(
          new Reduction("max", "v", extreme("GT"), "r"),
          new Reduction("min", "v", extreme("LT"), "r"),
          new Reduction("average", "v", "r.add(v)", "r.div(segment.divisor())"),
          new Reduction("firstNorm", "v.abs()", "r.add(v.abs())", "r"),
          new Reduction("secondNorm", "v.mul(v)", "v.fma(v, r)", "r.sqrt()"));

  /** The result stays where it equals the value or is a NaN; C2's max takes twice as long. */
  private static String extreme(String operator) {
    return "r.blend(v, v.compare(VectorOperators.%s, r).or(v.compare(VectorOperators.NE, v)))"
        .formatted(operator);
  }

  @Override
  public List<JavaFile> files() {
    String methods =
        REDUCTIONS.stream().map(WindowGenerator::method).collect(Collectors.joining("\n"));
    return List.of(
        new JavaFile(
            "pool/VectorWindows",
            """
            package dev.lanewise.kernels.pool;

            import dev.lanewise.kernels.layout.Layout;
            import dev.lanewise.kernels.simd.Lanes;
            import jdk.incubator.vector.FloatVector;
            import jdk.incubator.vector.VectorOperators;
            import jdk.incubator.vector.VectorShape;
            import jdk.incubator.vector.VectorSpecies;

            /** Reductions of windows: a vector holds neighbouring channels of one pixel. */
            final class VectorWindows {

              private static final VectorSpecies<Float> SPECIES =
                  VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.LANES * Float.SIZE));

              private VectorWindows() {}

            ${methods}}
            """
                .replace("${methods}", methods)));
  }

  private static String method(Reduction reduction) {
    return """
      static void ${name}(Segment segment, float[] in, int from, float[] out, int to) {
        int[] taps = segment.taps();
        int step = segment.step();
        int w = 0;
        for (; w <= segment.windows() - ${tile}; w += ${tile}) {
    ${tiled}    }
        for (; w < segment.windows(); w++) {
    ${single}    }
      }
    """
        .replace("${name}", reduction.name)
        .replace("${tiled}", windows(reduction, TILE))
        .replace("${single}", windows(reduction, 1))
        .replace("${tile}", "" + TILE);
  }

  private static String windows(Reduction reduction, int count) {
    return Lines.each(count, w -> "      int i%d = from + (w + %d) * step;\n".formatted(w, w))
        + Lines.each(
            count,
            w ->
                "      FloatVector v%d = FloatVector.fromArray(SPECIES, in, i%d + taps[0]);\n"
                    .formatted(w, w))
        + Lines.each(
            count, w -> "      FloatVector r%d = %s;\n".formatted(w, numbered(reduction.start, w)))
        + "      for (int t = 1; t < taps.length; t++) {\n"
        + "        int tap = taps[t];\n"
        + Lines.each(
            count,
            w -> "        v%d = FloatVector.fromArray(SPECIES, in, i%d + tap);\n".formatted(w, w))
        + Lines.each(count, w -> "        r%d = %s;\n".formatted(w, numbered(reduction.step, w)))
        + "      }\n"
        + Lines.each(
            count,
            w ->
                "      %s.intoArray(out, to + (w + %d) * Layout.BLOCK);\n"
                    .formatted(numbered(reduction.end, w), w));
  }

  private static String numbered(String expression, int window) {
    return expression.replaceAll("\\b([rv])\\b", "$1" + window);
  }
}
