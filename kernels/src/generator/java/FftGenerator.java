import java.util.List;

/**
 * Writes the passes of the Fourier transform, {@code VectorPasses} and {@code ScalarPasses}: the
 * same butterflies in both dialects, and so the same bits.
 *
 * <p>Butterflies of Stockham's algorithm, decimation in frequency: element {@code p + q} of each of
 * the radix parts of the input to neighbouring places of the output, all but the first times a
 * twiddle factor.
 */
final class FftGenerator implements KernelGenerator {

  private static final int[] RADICES = {2, 3, 4};

  @Override
  public List<JavaFile> files() {
    return List.of(
        new JavaFile("fft/VectorPasses", passes(true)),
        new JavaFile("fft/ScalarPasses", passes(false)));
  }

  private static String passes(boolean vector) {
    StringBuilder methods = new StringBuilder();
    for (int radix : RADICES) {
      methods.append(pass(vector, radix, true));
    }
    methods.append(pass(vector, 4, false));
    return (vector ? VECTOR_HEAD : SCALAR_HEAD) + methods + "}\n";
  }

  private static final String VECTOR_HEAD =
      """
      package dev.lanewise.kernels.fft;

      import dev.lanewise.kernels.simd.Lanes;
      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.VectorShape;
      import jdk.incubator.vector.VectorSpecies;

      /**
       * The passes of {@link Fft} on vectors; loaded only where {@link Lanes#vectorised()} holds.
       *
       * <p>Element {@code i} of the input lies at {@code xBase + i * xs}, of the output at {@code
       * yBase + i * ys}, its real part at {@code + re} and its imaginary part at {@code + im}. Each
       * method is one loop without calls that take vectors, as C2 wants it.
       */
      final class VectorPasses {

        private static final VectorSpecies<Float> SPECIES =
            VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.LANES * Float.SIZE));
        private static final int LANES = SPECIES.length();

        private VectorPasses() {}
      """;

  private static final String SCALAR_HEAD =
      """
      package dev.lanewise.kernels.fft;

      import static dev.lanewise.kernels.simd.Lanes.fma;

      /** The passes of {@link Fft} without vectors: operation for operation VectorPasses. */
      final class ScalarPasses {

        private static final int LANES = 1;

        private ScalarPasses() {}
      """;

  /** One pass; its last one has no twiddle factors but 1. */
  private static String pass(boolean vector, int radix, boolean twiddled) {
    Formula formula = new Formula(vector);
    butterfly(formula, radix, twiddled);
    int factors = 3 * (radix - 1);
    String fixed =
        radix == 3
            ? fixed(vector, "half", "-0.5f") + fixed(vector, "sine", "(float) Math.sqrt(0.75)")
            : "";
    String twiddles =
        twiddled
            ? Lines.each(
                factors, i -> fixed(vector, "w" + i, "w[p * %d + %d]".formatted(factors, i)))
            : "";
    return """

      /** Butterflies of %d elements%s. */
      static void %s(
          int re, int im, float[] x, int xBase, int xs, float[] y, int yBase, int ys, float[] w,
          int span, int count) {
        int part = im - re;
        int far = span * count * xs;
        int next = span * ys;
        for (int c = 0; c < Fft.IMAGINARY; c += LANES) {
    %s      for (int p = 0; p < count; p++) {
    %s        int from = xBase + re + c + p * span * xs;
            int to = yBase + re + c + %d * p * span * ys;
            for (int q = 0; q < span; q++) {
    %s          from += xs;
              to += ys;
            }
          }
        }
      }
    """
        .formatted(
            radix,
            twiddled ? "" : ", all twiddle factors 1",
            twiddled ? "radix" + radix : "lastRadix" + radix,
            fixed,
            twiddles,
            radix,
            formula.text());
  }

  /** A value that is the same in all lanes and does not change within the innermost loop. */
  private static String fixed(boolean vector, String name, String value) {
    return vector
        ? "      FloatVector %s = FloatVector.broadcast(SPECIES, %s);\n".formatted(name, value)
        : "      float %s = %s;\n".formatted(name, value);
  }

  private static void butterfly(Formula f, int radix, boolean twiddled) {
    Formula.Real[] r = new Formula.Real[radix];
    Formula.Real[] i = new Formula.Real[radix];
    for (int k = 0; k < radix; k++) {
      r[k] = f.load("x", "from + %d * far".formatted(k));
      i[k] = f.load("x", "from + %d * far + part".formatted(k));
    }
    switch (radix) {
      case 2 -> {
        store(f, 0, r[0].plus(r[1]), i[0].plus(i[1]), twiddled);
        store(f, 1, r[0].minus(r[1]), i[0].minus(i[1]), twiddled);
      }
      case 3 -> radix3(f, r, i, twiddled);
      default -> radix4(f, r, i, twiddled);
    }
  }

  private static void radix3(Formula f, Formula.Real[] r, Formula.Real[] i, boolean twiddled) {
    Formula.Real half = f.variable("half");
    Formula.Real sine = f.variable("sine");
    Formula.Real sumR = r[1].plus(r[2]);
    Formula.Real sumI = i[1].plus(i[2]);
    store(f, 0, r[0].plus(sumR), i[0].plus(sumI), twiddled);
    Formula.Real middleR = sumR.fma(half, r[0]);
    Formula.Real middleI = sumI.fma(half, i[0]);
    Formula.Real turnedR = r[1].minus(r[2]).times(sine);
    Formula.Real turnedI = i[1].minus(i[2]).times(sine);
    store(f, 1, middleR.plus(turnedI), middleI.minus(turnedR), twiddled);
    store(f, 2, middleR.minus(turnedI), middleI.plus(turnedR), twiddled);
  }

  private static void radix4(Formula f, Formula.Real[] r, Formula.Real[] i, boolean twiddled) {
    Formula.Real evenR = r[0].plus(r[2]);
    Formula.Real evenI = i[0].plus(i[2]);
    Formula.Real oddR = r[1].plus(r[3]);
    Formula.Real oddI = i[1].plus(i[3]);
    Formula.Real apartR = r[0].minus(r[2]);
    Formula.Real apartI = i[0].minus(i[2]);
    Formula.Real turnedR = r[1].minus(r[3]);
    Formula.Real turnedI = i[1].minus(i[3]);
    store(f, 0, evenR.plus(oddR), evenI.plus(oddI), twiddled);
    store(f, 1, apartR.plus(turnedI), apartI.minus(turnedR), twiddled);
    store(f, 2, evenR.minus(oddR), evenI.minus(oddI), twiddled);
    store(f, 3, apartR.minus(turnedI), apartI.plus(turnedR), twiddled);
  }

  /** Stores coefficient k, times its twiddle factor, of which w has the parts re, im and -im. */
  private static void store(Formula f, int k, Formula.Real r, Formula.Real i, boolean twiddled) {
    Formula.Real re = r;
    Formula.Real im = i;
    if (twiddled && k > 0) {
      Formula.Real factor = f.variable("w" + (3 * k - 3));
      re = r.fma(factor, i.times(f.variable("w" + (3 * k - 1))));
      im = i.fma(factor, r.times(f.variable("w" + (3 * k - 2))));
    }
    f.store(re, "y", "to + %d * next".formatted(k));
    f.store(im, "y", "to + %d * next + part".formatted(k));
  }
}
