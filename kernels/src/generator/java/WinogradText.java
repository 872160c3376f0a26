import java.util.List;

/** How loads, steps and stores are written. */
interface WinogradText {
  String load(String name, String array, String place);

  /** The same value in all lanes. */
  String broadcast(String name, String array, String place);

  /** The product of two values, where {@code sum} is not null added to it and rounded once. */
  String product(String a, String b, String sum);

  /** The type of a value. */
  String type();

  String step(LinearCode.Step step);

  String store(String name, boolean biased, String place);

  /** The passes that have code of their own. */
  default List<WinogradPass> passes(List<WinogradPass> known) {
    return List.of();
  }

  private static String literal(Fraction value) {
    return (float) value.toDouble() + "f";
  }

  /** On vectors. */
  final class OnVectors implements WinogradText {
    @Override
    public String load(String name, String array, String place) {
      return "FloatVector %s = FloatVector.fromArray(SPECIES, %s, %s);\n"
          .formatted(name, array, place);
    }

    @Override
    public String broadcast(String name, String array, String place) {
      return "FloatVector %s = FloatVector.broadcast(SPECIES, %s[%s]);\n"
          .formatted(name, array, place);
    }

    @Override
    public String product(String a, String b, String sum) {
      return sum == null ? "%s.mul(%s)".formatted(a, b) : "%s.fma(%s, %s)".formatted(a, b, sum);
    }

    @Override
    public String type() {
      return "FloatVector";
    }

    @Override
    public String step(LinearCode.Step step) {
      String result =
          switch (step.kind()) {
            case SUM -> "v%d.add(v%d)".formatted(step.a(), step.b());
            case DIFFERENCE -> "v%d.sub(v%d)".formatted(step.a(), step.b());
            case MULTIPLE -> "v%d.mul(%s)".formatted(step.a(), literal(step.c()));
            case MULTIPLY_ADD ->
                "FloatVector.broadcast(SPECIES, %s).fma(v%d, v%d)"
                    .formatted(literal(step.c()), step.a(), step.b());
          };
      return "FloatVector v%d = %s;\n".formatted(step.target(), result);
    }

    @Override
    public String store(String name, boolean biased, String place) {
      return "%s%s.intoArray(dst, %s);\n".formatted(name, biased ? ".add(b)" : "", place);
    }

    @Override
    public List<WinogradPass> passes(List<WinogradPass> known) {
      return known;
    }
  }

  /** On scalars. */
  final class OnScalars implements WinogradText {
    @Override
    public String load(String name, String array, String place) {
      return "float %s = %s[%s];\n".formatted(name, array, place);
    }

    @Override
    public String broadcast(String name, String array, String place) {
      return load(name, array, place);
    }

    @Override
    public String product(String a, String b, String sum) {
      return sum == null ? "%s * %s".formatted(a, b) : "fma(%s, %s, %s)".formatted(a, b, sum);
    }

    @Override
    public String type() {
      return "float";
    }

    @Override
    public String step(LinearCode.Step step) {
      String result =
          switch (step.kind()) {
            case SUM -> "v%d + v%d".formatted(step.a(), step.b());
            case DIFFERENCE -> "v%d - v%d".formatted(step.a(), step.b());
            case MULTIPLE -> "v%d * %s".formatted(step.a(), literal(step.c()));
            case MULTIPLY_ADD ->
                "fma(%s, v%d, v%d)".formatted(literal(step.c()), step.a(), step.b());
          };
      return "float v%d = %s;\n".formatted(step.target(), result);
    }

    @Override
    public String store(String name, boolean biased, String place) {
      return "dst[%s] = %s%s;\n".formatted(place, name, biased ? " + b" : "");
    }
  }
}
