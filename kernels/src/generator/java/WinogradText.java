import java.util.List;

/** How loads, steps and stores are written. */
interface WinogradText {
  String load(String name, String array, String place);

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
