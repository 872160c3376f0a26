import java.util.List;
import java.util.function.BiFunction;

/**
 * Writes the sums over planes on lanes: a tile of three channels and four vectors of pixels
 * forward, and of three channels and five terms of the filter for the gradient. Both keep all sums
 * in registers, of which 8 lanes have 16.
 */
final class PlanesGenerator implements KernelGenerator {

  private static final int CHANNELS = 3;

  /** Vectors of neighbouring pixels that are summed together. */
  private static final int VECTORS = 4;

  /** Terms of the filter whose gradients are summed together. */
  private static final int TERMS = 5;

  private static final String TYPE =
      """
      package dev.lanewise.kernels.planar;

      import dev.lanewise.kernels.layout.Layout;
      import dev.lanewise.kernels.simd.Lanes;
      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.VectorShape;
      import jdk.incubator.vector.VectorSpecies;

      /**
       * Sums over planes: a vector holds neighbouring pixels, and a term of the filter is one of them
       * some way on. Loaded only where {@link Lanes#vectorised()} holds.
       */
      final class VectorPlanes {

        private static final VectorSpecies<Float> SPECIES =
            VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.LANES * Float.SIZE));
        private static final int LANES = SPECIES.length();

        private VectorPlanes() {}
      ${sums}${gradient}}
      """;

  private static final String SUMS =
      """

        /** What {@link ScalarPlanes#sums} says. */
        static void sums(
            float[] in, int base, int[] offsets, float[] filter, int weights,
            float[] out, int to, int length) {
          int terms = offsets.length;
          int biases = weights + terms * ${channels};
      ${biases}    for (int p = 0; p < length; p += ${vectors} * LANES) {
      ${starts}      int w = weights;
            for (int t = 0; t < terms; t++) {
              int from = base + p + offsets[t];
      ${inputs}${products}        w += ${channels};
            }
      ${stores}    }
        }
      """;

  private static final String GRADIENT =
      """

        /** What {@link ScalarPlanes#gradient} says. */
        static void gradient(
            float[] in, int base, int[] offsets, int term, float[] grad, int from, int length,
            float[] sums, int at) {
      ${bases}    for (int lane = 0; lane < Layout.BLOCK; lane += LANES) {
            int to = at + lane;
      ${starts}      for (int p = lane; p < length; p += Layout.BLOCK) {
              int q = from + p;
      ${gradients}${products}      }
      ${stores}    }
        }
      """;

  @Override
  public List<JavaFile> files() {
    String text = TYPE.replace("${sums}", sums()).replace("${gradient}", gradient());
    return List.of(new JavaFile("planar/VectorPlanes", text));
  }

  private static String sums() {
    return SUMS.replace(
            "${biases}",
            Lines.each(
                CHANNELS,
                c ->
                    "    FloatVector bias%1$d = FloatVector.broadcast(SPECIES, filter[biases + %1$d]);\n"
                        .formatted(c)))
        .replace(
            "${starts}",
            tile(VECTORS, (c, v) -> "      FloatVector sum%d_%d = bias%1$d;\n".formatted(c, v)))
        .replace(
            "${inputs}",
            Lines.each(
                VECTORS,
                v ->
                    "        FloatVector in%1$d = FloatVector.fromArray(SPECIES, in, from + %1$d * LANES);\n"
                        .formatted(v)))
        .replace("${products}", Lines.each(CHANNELS, PlanesGenerator::channel))
        .replace(
            "${stores}",
            tile(
                VECTORS,
                (c, v) ->
                    "      sum%1$d_%2$d.intoArray(out, to + p + %1$d * length + %2$d * LANES);\n"
                        .formatted(c, v)))
        .replace("${channels}", "" + CHANNELS)
        .replace("${vectors}", "" + VECTORS);
  }

  /** The products of one term with one channel's weight. */
  private static String channel(int channel) {
    return "        FloatVector weight%1$d = FloatVector.broadcast(SPECIES, filter[w + %1$d]);\n"
            .formatted(channel)
        + Lines.each(
            VECTORS,
            v ->
                "        sum%1$d_%2$d = weight%1$d.fma(in%2$d, sum%1$d_%2$d);\n"
                    .formatted(channel, v));
  }

  private static String gradient() {
    return GRADIENT
        .replace(
            "${bases}",
            Lines.each(TERMS, t -> "    int in%1$d = base + offsets[term + %1$d];\n".formatted(t)))
        .replace(
            "${starts}",
            tile(
                TERMS,
                (c, t) ->
                    "      FloatVector sum%d_%d = FloatVector.fromArray(SPECIES, sums, %s);\n"
                        .formatted(c, t, part(c, t))))
        .replace(
            "${gradients}",
            Lines.each(
                CHANNELS,
                c ->
                    "        FloatVector grad%1$d = FloatVector.fromArray(SPECIES, grad, q + %1$d * length);\n"
                        .formatted(c)))
        .replace("${products}", Lines.each(TERMS, PlanesGenerator::term))
        .replace(
            "${stores}",
            tile(
                TERMS,
                (c, t) -> "      sum%d_%d.intoArray(sums, %s);\n".formatted(c, t, part(c, t))));
  }

  /** The products of one term with all channels. */
  private static String term(int term) {
    return "        FloatVector x%1$d = FloatVector.fromArray(SPECIES, in, in%1$d + p);\n"
            .formatted(term)
        + Lines.each(
            CHANNELS,
            c -> "        sum%1$d_%2$d = grad%1$d.fma(x%2$d, sum%1$d_%2$d);\n".formatted(c, term));
  }

  /** Where the parts of one channel's and term's sum lie. */
  private static String part(int channel, int term) {
    return "to + %d * Layout.BLOCK".formatted(channel * TERMS + term);
  }

  /** A line for each sum of a tile. */
  private static String tile(int width, BiFunction<Integer, Integer, String> line) {
    return Lines.each(CHANNELS, c -> Lines.each(width, i -> line.apply(c, i)));
  }
}
