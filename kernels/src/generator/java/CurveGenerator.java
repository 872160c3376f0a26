import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Writes the loops of activations and their derivatives: {@code VectorCurves} on lanes, {@code
 * ScalarCurves} without the Vector API, and {@code Curves}, which calls the first for whole vectors
 * and the second for what remains.
 *
 * <p>A loop's body is one method without calls, as vector code must be.
 */
final class CurveGenerator implements KernelGenerator {

  private interface Forward {
    Formula.Real write(Formula f, Formula.Real x, Formula.Real... parameters);
  }

  private interface Backward {
    Formula.Real write(Formula f, Formula.Real kept, Formula.Real dy, Formula.Real... parameters);
  }

  /** A loop over arrays of which the last is written; {@code parameters} are floats. */
  private record Loop(String name, List<String> arrays, List<String> parameters, Backward body) {

    String signature() {
      return Stream.of(
              arrays.stream().map("float[] "::concat),
              Stream.of("int from", "int to"),
              parameters.stream().map("float "::concat))
          .flatMap(part -> part)
          .collect(joining(", "));
    }

    String call(String type, String from) {
      return Stream.of(arrays.stream(), Stream.of(from, "to"), parameters.stream())
          .flatMap(part -> part)
          .collect(joining(", ", type + "." + name + "(", ")"));
    }

    String body(boolean vector) {
      Formula f = new Formula(vector);
      Formula.Real first = f.load(arrays.getFirst());
      Formula.Real second = arrays.size() == 1 ? first : f.load(arrays.get(1));
      Formula.Real[] values = parameters.stream().map(f::parameter).toArray(Formula.Real[]::new);
      f.store(body.write(f, first, second, values), arrays.getLast());
      return f.text();
    }
  }

  private static Loop forward(String name, List<String> parameters, Forward body) {
    return new Loop(
        name, List.of("values"), parameters, (f, x, same, values) -> body.write(f, x, values));
  }

  private static Loop backward(String name, List<String> parameters, Backward body) {
    return new Loop(name + "Backward", List.of("kept", "dy", "dx"), parameters, body);
  }

  private static final List<String> NONE = List.of();
  private static final List<String> BOUNDS = List.of("low", "high");
  private static final List<String> SLOPE = List.of("slope");
  private static final List<String> ELU = List.of("factor", "divisor", "gain");
  private static final List<String> LINE = List.of("alpha", "beta");

  private static final List<Loop> LOOPS =
      List.of(
          forward("clamp", BOUNDS, (f, x, p) -> ActivationFormulas.clamp(x, p[0], p[1])),
          backward(
              "clamp",
              BOUNDS,
              (f, y, dy, p) -> ActivationFormulas.clampBackward(f, y, dy, p[0], p[1])),
          forward("leaky", SLOPE, (f, x, p) -> x.below(0).choose(x.times(p[0]), x)),
          backward("leaky", SLOPE, (f, y, dy, p) -> y.above(0).choose(dy, dy.times(p[0]))),
          forward("tanh", NONE, (f, x, p) -> ElementaryFunctions.tanh(f, x)),
          backward("tanh", NONE, (f, y, dy, p) -> dy.times(y.fma(y.negated(), f.constant(1)))),
          forward("sigmoid", NONE, (f, x, p) -> ElementaryFunctions.sigmoid(f, x)),
          backward("sigmoid", NONE, (f, y, dy, p) -> dy.times(y.times(f.constant(1).minus(y)))),
          forward("exp", NONE, (f, x, p) -> ElementaryFunctions.exp(f, x)),
          backward("exp", NONE, (f, y, dy, p) -> dy.times(y)),
          forward("log", NONE, (f, x, p) -> ElementaryFunctions.log(f, x)),
          backward("log", NONE, (f, x, dy, p) -> ActivationFormulas.zeroKept(dy, dy.over(x))),
          forward("sqrt", NONE, (f, x, p) -> x.sqrt()),
          backward(
              "sqrt",
              NONE,
              (f, y, dy, p) -> ActivationFormulas.zeroKept(dy, dy.times(0.5).over(y))),
          forward("abs", NONE, (f, x, p) -> x.abs()),
          backward("abs", NONE, (f, x, dy, p) -> ActivationFormulas.absBackward(f, x, dy)),
          forward("erf", NONE, (f, x, p) -> ElementaryFunctions.erf(f, x)),
          backward("erf", NONE, (f, x, dy, p) -> ActivationFormulas.erfBackward(f, x, dy)),
          forward("elu", ELU, (f, x, p) -> ActivationFormulas.elu(f, x, p[0], p[1], p[2])),
          backward(
              "elu", ELU, (f, y, dy, p) -> ActivationFormulas.eluBackward(y, dy, p[0], p[1], p[2])),
          forward("silu", NONE, (f, x, p) -> ElementaryFunctions.silu(f, x)),
          backward("silu", NONE, (f, x, dy, p) -> ActivationFormulas.siluBackward(f, x, dy)),
          forward("hardSwish", NONE, (f, x, p) -> ActivationFormulas.hardSwish(f, x)),
          backward(
              "hardSwish", NONE, (f, x, dy, p) -> ActivationFormulas.hardSwishBackward(f, x, dy)),
          forward(
              "hardSigmoid", LINE, (f, x, p) -> ActivationFormulas.hardSigmoid(f, x, p[0], p[1])),
          backward(
              "hardSigmoid",
              List.of("alpha"),
              (f, y, dy, p) -> ActivationFormulas.hardSigmoidBackward(f, y, dy, p[0])),
          forward("gelu", NONE, (f, x, p) -> ActivationFormulas.gelu(f, x)),
          backward("gelu", NONE, (f, x, dy, p) -> ActivationFormulas.geluBackward(f, x, dy)),
          forward("geluTanh", NONE, (f, x, p) -> ActivationFormulas.geluTanh(f, x)),
          backward(
              "geluTanh", NONE, (f, x, dy, p) -> ActivationFormulas.geluTanhBackward(f, x, dy)),
          forward("softplus", NONE, (f, x, p) -> ActivationFormulas.softplus(f, x)),
          backward("softplus", NONE, (f, x, dy, p) -> dy.times(ElementaryFunctions.sigmoid(f, x))),
          forward("softsign", NONE, (f, x, p) -> ActivationFormulas.softsign(f, x)),
          backward(
              "softsign", NONE, (f, x, dy, p) -> ActivationFormulas.softsignBackward(f, x, dy)),
          forward("mish", NONE, (f, x, p) -> ActivationFormulas.mish(f, x)),
          backward("mish", NONE, (f, x, dy, p) -> ActivationFormulas.mishBackward(f, x, dy)),
          forward(
              "threshold", List.of("theta"), (f, x, p) -> x.atMost(p[0]).choose(f.constant(0), x)),
          backward(
              "threshold",
              List.of("theta"),
              (f, x, dy, p) -> x.atMost(p[0]).choose(f.constant(0), dy)));

  @Override
  public List<JavaFile> files() {
    return List.of(
        new JavaFile("activation/Curves", dispatch()),
        new JavaFile("activation/VectorCurves", vectors()),
        new JavaFile("activation/ScalarCurves", scalars()));
  }

  private static String each(Function<Loop, String> text) {
    return LOOPS.stream().map(text).collect(joining("\n"));
  }

  private static String dispatch() {
    return """
    package dev.lanewise.kernels.activation;

    import dev.lanewise.kernels.simd.Lanes;

    /** Activations and their derivatives over ranges of floats, on lanes where there are any. */
    final class Curves {

      private Curves() {}

    ${methods}}
    """
        .replace(
            "${methods}",
            each(
                loop ->
                    """
                      static void ${name}(${signature}) {
                        int rest = Lanes.vectorised() ? ${vector} : from;
                        ${scalar};
                      }
                    """
                        .replace("${name}", loop.name)
                        .replace("${signature}", loop.signature())
                        .replace("${vector}", loop.call("VectorCurves", "from"))
                        .replace("${scalar}", loop.call("ScalarCurves", "rest"))));
  }

  private static String vectors() {
    return """
    package dev.lanewise.kernels.activation;

    import dev.lanewise.kernels.simd.Lanes;
    import jdk.incubator.vector.FloatVector;
    import jdk.incubator.vector.IntVector;
    import jdk.incubator.vector.VectorMask;
    import jdk.incubator.vector.VectorOperators;
    import jdk.incubator.vector.VectorShape;
    import jdk.incubator.vector.VectorSpecies;

    /**
     * The loops of {@link Curves} on whole vectors; each returns where the last one ended. Loaded only
     * where {@link Lanes#vectorised()} holds.
     */
    final class VectorCurves {

      private static final VectorSpecies<Float> SPECIES =
          VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.LANES * Float.SIZE));
      private static final int LANES = SPECIES.length();

      private VectorCurves() {}

    ${methods}}
    """
        .replace(
            "${methods}",
            each(
                loop ->
                    """
                      static int ${name}(${signature}) {
                        int i = from;
                        for (; i <= to - LANES; i += LANES) {
                    ${body}    }
                        return i;
                      }
                    """
                        .replace("${name}", loop.name)
                        .replace("${signature}", loop.signature())
                        .replace("${body}", loop.body(true))));
  }

  private static String scalars() {
    return """
    package dev.lanewise.kernels.activation;

    import static dev.lanewise.kernels.simd.Lanes.fma;

    /** The loops of {@link Curves} without the Vector API, in the same order of operations. */
    final class ScalarCurves {

      private ScalarCurves() {}

    ${methods}}
    """
        .replace(
            "${methods}",
            each(
                loop ->
                    """
                      static void ${name}(${signature}) {
                        for (int i = from; i < to; i++) {
                    ${body}    }
                      }
                    """
                        .replace("${name}", loop.name)
                        .replace("${signature}", loop.signature())
                        .replace("${body}", loop.body(false))));
  }
}
