import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes the matrices of the Winograd transforms and their straight-line code on vectors and on
 * scalars.
 *
 * <p>The points were chosen by measurement: root mean square error of F(m x m, r x r) against
 * double, as a multiple of direct summation's, 64 channels, standard normal data:
 *
 * <pre>
 * F(4, 3)  0, +-1, 1/2, -2  2.7    0, +-1, +-2         4.0    0, +-1, +-1/2        4.3
 * F(2, 5)  0, +-1, 1/2, -2  1.8    0, +-1, +-2         2.8    0, +-1, +-1/2        1.8
 * F(6, 3)  0, +-1, +-1/2, +-2  6.6    0, +-1, +-1/2, +-7/4  8.2    0, +-1, +-1/2, +-3/2  10
 * F(4, 5)  0, +-1, +-1/2, +-2  4.7    0, +-1, +-1/2, +-7/4  4.7    0, +-1, +-1/2, +-3/2  5.7
 * F(2, 7)  0, +-1, +-1/2, +-2  3.9    0, +-1, +-1/2, +-7/4  3.7    0, +-1, +-1/2, +-3/2  4.6
 * </pre>
 *
 * <p>F(2, 3) with 0, +-1 has 0.54. Factors that are powers of two are exact, and algorithms with as
 * many products share their input transform.
 */
final class WinogradGenerator implements KernelGenerator {

  private static final List<Fraction> FOUR = points("0 1 -1");
  private static final List<Fraction> SIX = points("0 1 -1 1/2 -2");
  private static final List<Fraction> EIGHT = points("0 1 -1 1/2 -1/2 2 -2");

  /** F(4, 3). */
  static final CookToom FOUR_OF_THREE = new CookToom(4, 3, SIX);

  private static final List<CookToom> ALGORITHMS =
      List.of(
          new CookToom(2, 3, FOUR),
          FOUR_OF_THREE,
          new CookToom(2, 5, SIX),
          new CookToom(6, 3, EIGHT),
          new CookToom(4, 5, EIGHT),
          new CookToom(5, 4, EIGHT),
          new CookToom(2, 7, EIGHT));

  /** One algorithm for each number of products: the others share its input transform. */
  private static final List<CookToom> INPUTS =
      List.of(ALGORITHMS.get(0), ALGORITHMS.get(1), ALGORITHMS.get(3));

  private static final String BIAS = "float[] bias, int biasFrom, ";

  /** Loads, steps and stores of a short transform are fewer. */
  private static final int FEW = 24;

  /**
   * Two columns at a time. It makes the code of short transforms too long to be inlined into their
   * callers, where so many copies exceed what C2 inlines and every vector becomes an object.
   */
  private static final String TWICE =
      """
            for (; i < count - 1; i += 2) {
              {
      ${column}        }
              {
      ${column}        }
            }
      """;

  private static List<Fraction> points(String text) {
    return Stream.of(text.split(" "))
        .map(point -> point.split("/"))
        .map(
            parts ->
                Fraction.of(
                    Long.parseLong(parts[0]), parts.length == 1 ? 1 : Long.parseLong(parts[1])))
        .toList();
  }

  @Override
  public List<JavaFile> files() {
    return List.of(
        new JavaFile("winograd/Matrices", matrices()),
        new JavaFile(
            "winograd/VectorTransforms", transforms(VECTOR_TYPE, new WinogradText.OnVectors())),
        new JavaFile(
            "winograd/ScalarTransforms", transforms(SCALAR_TYPE, new WinogradText.OnScalars())));
  }

  private static String matrices() {
    return """
    package dev.lanewise.kernels.winograd;

    /** The matrices of F(m, r), exact but for those of the filter, which are the nearest doubles. */
    final class Matrices {

      private Matrices() {}

      /** Whether there is an F(m, r). */
      static boolean exist(int outputs, int taps) {
        return taps < 10
            && switch (10 * outputs + taps) {
              case ${keys} -> true;
              default -> false;
            };
      }
    ${methods}
      private static IllegalArgumentException none(int outputs, int taps) {
        return new IllegalArgumentException("no F(%d, %d)".formatted(outputs, taps));
      }
    }
    """
        .replace(
            "${keys}",
            ALGORITHMS.stream().map(WinogradGenerator::key).collect(Collectors.joining(", ")))
        .replace(
            "${methods}",
            matrixMethod("output", "A^T: [outputs][products]", CookToom::output)
                + matrixMethod("filter", "G: [products][taps]", CookToom::filter)
                + matrixMethod("input", "B^T: [products][products]", CookToom::input));
  }

  private static String key(CookToom algorithm) {
    return "" + (10 * algorithm.outputs() + algorithm.taps());
  }

  private static String matrixMethod(
      String name, String what, Function<CookToom, Fraction[][]> matrix) {
    String cases =
        ALGORITHMS.stream()
            .map(
                a ->
                    "      case %s -> new double[][] {\n%s      };\n"
                        .formatted(key(a), rows(matrix.apply(a))))
            .collect(Collectors.joining());
    return """

      /** {@code ${what}}. */
      static double[][] ${name}(int outputs, int taps) {
        return switch (10 * outputs + taps) {
    ${cases}      default -> throw none(outputs, taps);
        };
      }
    """
        .replace("${what}", what)
        .replace("${name}", name)
        .replace("${cases}", cases);
  }

  private static String rows(Fraction[][] matrix) {
    return Arrays.stream(matrix)
        .map(
            row ->
                Arrays.stream(row)
                    .map(entry -> "" + entry.toDouble())
                    .collect(Collectors.joining(", ", "        {", "},\n")))
        .collect(Collectors.joining());
  }

  private static final String VECTOR_TYPE =
      """
      package dev.lanewise.kernels.winograd;

      import dev.lanewise.kernels.simd.Lanes;
      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.VectorShape;
      import jdk.incubator.vector.VectorSpecies;

      /**
       * The data transforms on vectors; each is one method, because a vector that leaves a method is
       * an object. Loaded only where {@link Lanes#vectorised()} holds.
       */
      final class VectorTransforms {

        private static final VectorSpecies<Float> SPECIES =
            VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.LANES * Float.SIZE));
        private static final int LANES = SPECIES.length();

        private VectorTransforms() {}
      ${methods}}
      """;

  private static final String SCALAR_TYPE =
      """
      package dev.lanewise.kernels.winograd;

      import static dev.lanewise.kernels.simd.Lanes.fma;

      /** The data transforms without the Vector API, with the same bits. */
      final class ScalarTransforms {

        private static final int LANES = 1;

        private ScalarTransforms() {}
      ${methods}}
      """;

  private static String transforms(String type, WinogradText text) {
    StringBuilder methods = new StringBuilder();
    for (Transform transform : Transform.values()) {
      List<CookToom> algorithms = transform == Transform.INPUT ? INPUTS : ALGORITHMS;
      List<WinogradPass> known = text.passes(transform.passes);
      methods.append(dispatch(transform, algorithms, known));
      for (CookToom algorithm : algorithms) {
        LinearCode code = transform.code.apply(new WinogradCode(algorithm));
        methods.append(method(transform, algorithm, code, text, WinogradPass.ANY));
        for (WinogradPass pass : suiting(known, algorithm)) {
          methods.append(method(transform, algorithm, code, text, pass));
        }
      }
    }
    return type.replace("${methods}", methods);
  }

  /** What is transformed, and the passes over tiles of which the strides are known. */
  private enum Transform {
    INPUT(
        "input",
        "",
        false,
        WinogradCode::input,
        WinogradPass.INTO,
        WinogradPass.APART,
        WinogradPass.APART_SHORT),
    OUTPUT(
        "output",
        "",
        false,
        WinogradCode::output,
        WinogradPass.TOGETHER,
        WinogradPass.TOGETHER_SHORT),
    OUTPUT_BIASED("output", "Biased", true, WinogradCode::output, WinogradPass.OUT_OF),
    GRADIENT("gradient", "", false, WinogradCode::gradient, WinogradPass.INTO, WinogradPass.APART),
    FILTER_GRADIENT("filterGradient", "", false, WinogradCode::filterGradient, WinogradPass.ROWS);

    private final String verb;
    private final String suffix;
    private final boolean biased;
    private final Function<WinogradCode, LinearCode> code;
    private final List<WinogradPass> passes;

    Transform(
        String verb,
        String suffix,
        boolean biased,
        Function<WinogradCode, LinearCode> code,
        WinogradPass... passes) {
      this.verb = verb;
      this.suffix = suffix;
      this.biased = biased;
      this.code = code;
      this.passes = List.of(passes);
    }

    String name(CookToom algorithm, WinogradPass pass) {
      int products = algorithm.products();
      int outputs = algorithm.outputs();
      String sizes =
          switch (this) {
            case INPUT -> "" + products;
            case OUTPUT, OUTPUT_BIASED -> "%dTo%d".formatted(products, outputs);
            case GRADIENT -> "%dTo%d".formatted(outputs, products);
            case FILTER_GRADIENT -> "%dTo%d".formatted(products, algorithm.taps());
          };
      return verb + sizes + suffix + pass.name();
    }

    /** What tells the algorithms apart. */
    int key(CookToom algorithm) {
      return 10 * algorithm.products() + (this == INPUT ? 0 : algorithm.outputs());
    }
  }

  private static String dispatch(
      Transform transform, List<CookToom> algorithms, List<WinogradPass> passes) {
    return """

      static void ${name}(
          AxisTransform transform,
          ${bias}float[] src, int from, int fromStride, int fromStep,
          float[] dst, int to, int toStride, int toStep, int count) {
        switch (10 * transform.products() + ${outputs}) {
    ${cases}      default -> throw new IllegalArgumentException("no transform " + transform);
        }
      }
    """
        .replace("${name}", transform.verb + transform.suffix)
        .replace("${bias}", transform.biased ? BIAS : "")
        .replace("${outputs}", transform == Transform.INPUT ? "0" : "transform.outputs()")
        .replace(
            "${cases}",
            algorithms.stream()
                .map(
                    a ->
                        "      case %d -> {\n%s      }\n"
                            .formatted(transform.key(a), calls(transform, a, suiting(passes, a))))
                .collect(Collectors.joining()));
  }

  private static List<WinogradPass> suiting(List<WinogradPass> passes, CookToom algorithm) {
    return passes.stream().filter(pass -> pass.suits(algorithm)).toList();
  }

  private static String calls(Transform transform, CookToom algorithm, List<WinogradPass> passes) {
    StringBuilder text = new StringBuilder("        ");
    for (WinogradPass pass : passes) {
      text.append(
          """
          if (${condition}) {
          ${call}        } else \
          """
              .replace("${condition}", pass.condition(algorithm))
              .replace("${call}", call(transform, algorithm, pass)));
    }
    String last = call(transform, algorithm, WinogradPass.ANY);
    return passes.isEmpty() ? last : text + "{\n" + last + "        }\n";
  }

  private static String call(Transform transform, CookToom algorithm, WinogradPass pass) {
    return """
              ${method}(
                  ${bias}src, from${from}, dst, to${to}, count);
    """
        .replace("${method}", transform.name(algorithm, pass))
        .replace("${bias}", transform.biased ? "bias, biasFrom, " : "")
        .replace("${from}", pass.parameters(", fromStride, fromStep"))
        .replace("${to}", pass.parameters(", toStride, toStep"));
  }

  private static String method(
      Transform transform,
      CookToom algorithm,
      LinearCode code,
      WinogradText text,
      WinogradPass pass) {
    int length = code.inputs() + code.steps().size() + code.outputs().size();
    boolean biased = transform.biased;
    return """

      static void ${name}(
          ${bias}float[] src, int from${fromStrides},
          float[] dst, int to${toStrides}, int count) {
        for (int lane = 0; lane < ${block}; lane += LANES) {
          int s = from + lane;
          int d = to + lane;
    ${start}      int i = 0;
    ${twice}      for (; i < count; i++) {
    ${column}      }
        }
      }
    """
        .replace("${fromStrides}", pass.parameters(", int fromStride, int fromStep"))
        .replace("${toStrides}", pass.parameters(", int toStride, int toStep"))
        .replace("${twice}", length < FEW ? TWICE : "")
        .replace(
            "${column}",
            "${loads}${steps}${stores}        s += %s;\n        d += %s;\n"
                .formatted(
                    pass.multiple("fromStep", 1, algorithm), pass.multiple("toStep", 1, algorithm)))
        .replace("${name}", transform.name(algorithm, pass))
        .replace("${block}", "16")
        .replace("${bias}", biased ? BIAS : "")
        .replace("${start}", biased ? "      " + text.load("b", "bias", "biasFrom + lane") : "")
        .replace(
            "${loads}",
            Lines.each(
                code.inputs(),
                i ->
                    "        "
                        + text.load(
                            "v" + i,
                            "src",
                            place("s", i, pass.multiple("fromStride", i, algorithm)))))
        .replace(
            "${steps}",
            code.steps().stream()
                .map(step -> "        " + text.step(step))
                .collect(Collectors.joining()))
        .replace(
            "${stores}",
            IntStream.range(0, code.outputs().size())
                .mapToObj(
                    i ->
                        "        "
                            + text.store(
                                "v" + code.outputs().get(i),
                                biased,
                                place("d", i, pass.multiple("toStride", i, algorithm))))
                .collect(Collectors.joining()));
  }

  private static String place(String base, int i, String offset) {
    return i == 0 ? base : base + " + " + offset;
  }
}
