import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes the sums over tiles of the products of F(4x4, 3x3)'s gradient by filter, column after
 * column of products, each transformed along the column while it is still in registers.
 *
 * <p>The six products of a column, two output channels and two blocks of input channels are 24
 * sums: 24 multiply-adds want as many loads, of which Zen 4 makes one a cycle. Four output channels
 * and one block want 30. A first tile's products are not added to zeros, of which C2 would keep one
 * in memory for each sum.
 */
final class TileSumsGenerator implements KernelGenerator {

  private static final int BLOCK = 16;

  /** Output channels of a call. */
  private static final int ROWS = 2;

  private static final CookToom ALGORITHM = WinogradGenerator.FOUR_OF_THREE;
  private static final int PRODUCTS = ALGORITHM.products();

  private final LinearCode code = new WinogradCode(ALGORITHM).filterGradient();

  @Override
  public List<JavaFile> files() {
    return List.of(
        new JavaFile("winograd/VectorTileSums", type(VECTOR_TYPE, new WinogradText.OnVectors())),
        new JavaFile("winograd/ScalarTileSums", type(SCALAR_TYPE, new WinogradText.OnScalars())));
  }

  private String type(String type, WinogradText text) {
    return type.replace("${methods}", method("sumOne", 1, text) + method("sumTwo", 2, text));
  }

  private String method(String name, int blocks, WinogradText text) {
    return """

      static void ${name}(
          int tiles, int one,
          float[] in, int inBase, int inBlock, float[] gradient, int gradientBase,
          float[] dst, int to) {
        for (int lane = 0; lane < ${block}; lane += LANES) {
          int p = inBase + lane;
          int g = gradientBase;
          int d = to + lane;
          for (int column = 0; column < ${products}; column++) {
    ${first}        p += ${tile};
            g += ${tile};
            int t = 1;
            while (t < tiles) {
    ${next}          p += ${tile};
              g += ${tile};
              t += one;
            }
    ${transforms}        d += ${block};
          }
        }
      }
    """
        .replace("${first}", products(blocks, text, true))
        .replace("${next}", products(blocks, text, false))
        .replace("${transforms}", transforms(blocks, text))
        .replace("${name}", name)
        .replace("${products}", "" + PRODUCTS)
        .replace("${tile}", "" + PRODUCTS * BLOCK)
        .replace("${block}", "" + BLOCK);
  }

  private static String sum(int product, int row, int block) {
    return "a%d_%d_%d".formatted(product, row, block);
  }

  /** The products of a column of one tile. */
  private static String products(int blocks, WinogradText text, boolean first) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < PRODUCTS; i++) {
      String prefix = first ? "first" : "next";
      for (int b = 0; b < blocks; b++) {
        String place = "p + %d%s".formatted(i * BLOCK, b == 0 ? "" : " + inBlock");
        lines.append(text.load("%sX%d_%d".formatted(prefix, i, b), "in", place));
      }
      for (int r = 0; r < ROWS; r++) {
        String y = "%sY%d_%d".formatted(prefix, i, r);
        lines.append(text.broadcast(y, "gradient", "g + " + (i * BLOCK + r)));
        for (int b = 0; b < blocks; b++) {
          String x = "%sX%d_%d".formatted(prefix, i, b);
          String sum = sum(i, r, b);
          lines.append(
              "%s%s = %s;\n"
                  .formatted(
                      first ? text.type() + " " : "", sum, text.product(y, x, first ? null : sum)));
        }
      }
    }
    return lines.toString();
  }

  /**
   * Each row's and block's column of sums to one of taps: {@code [row][block][tap][column][16]}.
   */
  private String transforms(int blocks, WinogradText text) {
    StringBuilder lines = new StringBuilder();
    for (int r = 0; r < ROWS; r++) {
      for (int b = 0; b < blocks; b++) {
        int row = r;
        int block = b;
        int base = (r * blocks + b) * ALGORITHM.taps() * PRODUCTS * BLOCK;
        lines.append("{\n");
        lines.append(
            IntStream.range(0, PRODUCTS)
                .mapToObj(i -> "%s v%d = %s;\n".formatted(text.type(), i, sum(i, row, block)))
                .collect(Collectors.joining()));
        code.steps().forEach(step -> lines.append(text.step(step)));
        for (int tap = 0; tap < ALGORITHM.taps(); tap++) {
          int place = base + tap * PRODUCTS * BLOCK;
          lines.append(text.store("v" + code.outputs().get(tap), false, "d + " + place));
        }
        lines.append("}\n");
      }
    }
    return lines.toString();
  }

  private static final String VECTOR_TYPE =
      """
      package dev.lanewise.kernels.winograd;

      import dev.lanewise.kernels.simd.Lanes;
      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.VectorShape;
      import jdk.incubator.vector.VectorSpecies;

      /** Sums over few tiles on vectors; loaded only where {@link Lanes#vectorised()} holds. */
      final class VectorTileSums {

        private static final VectorSpecies<Float> SPECIES =
            VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.LANES * Float.SIZE));
        private static final int LANES = SPECIES.length();

        private VectorTileSums() {}
      ${methods}}
      """;

  private static final String SCALAR_TYPE =
      """
      package dev.lanewise.kernels.winograd;

      import dev.lanewise.kernels.simd.Lanes;

      /** Sums over few tiles without the Vector API, with the same bits. */
      final class ScalarTileSums {

        private static final int LANES = 1;

        private ScalarTileSums() {}

        private static float fma(float a, float b, float c) {
          return Lanes.FMA ? Math.fma(a, b, c) : a * b + c;
        }
      ${methods}}
      """;
}
