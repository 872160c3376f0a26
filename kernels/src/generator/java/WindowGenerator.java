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
   * @param exactStep where {@code step} overlooks NaNs, what finds them; else empty
   */
  private record Reduction(String name, String start, String step, String end, String exactStep) {

    /** Whether {@code step} is right only if the sum of the values is a number. */
    boolean overlooksNan() {
      return !exactStep.isEmpty();
    }
  }

  private static final List<Reduction> REDUCTIONS =
      List.of(
          extreme("max", "GT"),
          extreme("min", "LT"),
          new Reduction("average", "v", "r.add(v)", "r.div(segment.divisor())", ""),
          new Reduction("firstNorm", "v.abs()", "r.add(v.abs())", "r", ""),
          new Reduction("secondNorm", "v.mul(v)", "v.fma(v, r)", "r.sqrt()", ""));

  /**
   * The result stays where it equals the value. A comparison, a blend and a sum that tells whether
   * there may be a NaN take half the time of C2's maximum.
   */
  private static Reduction extreme(String name, String operator) {
    return new Reduction(
        name,
        "v",
        "r.blend(v, v.compare(VectorOperators.%s, r))".formatted(operator),
        "r",
        "r.blend(v, v.compare(VectorOperators.%s, r).or(v.compare(VectorOperators.NE, v)))"
            .formatted(operator));
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
        ${name}(segment, in, from, out, to, w, segment.windows());
      }

      private static void ${name}(
          Segment segment, float[] in, int from, float[] out, int to, int first, int end) {
        int[] taps = segment.taps();
        int step = segment.step();
        for (int w = first; w < end; w++) {
    ${single}    }
      }
    """
        .replace("${tiled}", tile(reduction))
        .replace(
            "${single}",
            walk(1, reduction, reduction.overlooksNan() ? reduction.exactStep : reduction.step, "")
                + stores(1, reduction))
        .replace("${name}", reduction.name)
        .replace("${tile}", "" + TILE);
  }

  private static String tile(Reduction reduction) {
    if (!reduction.overlooksNan()) {
      return walk(TILE, reduction, reduction.step, "") + stores(TILE, reduction);
    }
    return Lines.each(
            TILE, w -> "      FloatVector s%d = FloatVector.zero(SPECIES);\n".formatted(w))
        + walk(TILE, reduction, reduction.step, "s.add(v)")
        + """
              FloatVector sum = s0.add(s1).add(s2.add(s3));
              if (sum.compare(VectorOperators.NE, sum).anyTrue()) {
                ${name}(segment, in, from, out, to, w, w + ${tile});
                continue;
              }
        """
        + stores(TILE, reduction);
  }

  /** Reduces so many windows to r0, r1 and so on, and keeps a sum if there is a step for it. */
  private static String walk(int count, Reduction reduction, String step, String sum) {
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
        + (sum.isEmpty()
            ? ""
            : Lines.each(count, w -> "        s%d = %s;\n".formatted(w, numbered(sum, w))))
        + Lines.each(count, w -> "        r%d = %s;\n".formatted(w, numbered(step, w)))
        + "      }\n";
  }

  private static String stores(int count, Reduction reduction) {
    return Lines.each(
        count,
        w ->
            "      %s.intoArray(out, to + (w + %d) * Layout.BLOCK);\n"
                .formatted(numbered(reduction.end, w), w));
  }

  private static String numbered(String expression, int window) {
    return expression.replaceAll("\\b([rsv])\\b", "$1" + window);
  }
}
