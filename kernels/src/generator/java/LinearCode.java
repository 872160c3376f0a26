import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Straight-line code for a linear map: a list of sums, differences and multiply-adds, which is
 * written out once for vectors and once for scalars, with the same bits.
 *
 * <p>Values are numbered; the first are the inputs.
 */
final class LinearCode {

  /** What a step computes from values a and b and a constant c. */
  enum Kind {
    /** a + b. */
    SUM,
    /** a - b. */
    DIFFERENCE,
    /** c a. */
    MULTIPLE,
    /** c a + b, rounded once. */
    MULTIPLY_ADD
  }

  /** One step; its result is the value {@code target}. */
  record Step(Kind kind, int target, int a, int b, Fraction c) {}

  /** A value with a factor. */
  record Term(Fraction factor, int value) {}

  private static final Fraction MINUS_ONE = Fraction.of(-1);

  private final int inputs;
  private final List<Step> steps = new ArrayList<>();
  private List<Integer> outputs = List.of();

  LinearCode(int inputs) {
    this.inputs = inputs;
  }

  int inputs() {
    return inputs;
  }

  List<Step> steps() {
    return steps;
  }

  /** The values that are the outputs, in their order. */
  List<Integer> outputs() {
    return outputs;
  }

  void setOutputs(List<Integer> values) {
    outputs = List.copyOf(values);
  }

  int sum(int a, int b) {
    return step(Kind.SUM, a, b, Fraction.ONE);
  }

  int difference(int a, int b) {
    return step(Kind.DIFFERENCE, a, b, Fraction.ONE);
  }

  /** The sum of terms, those with factor 1 first, then -1, then the others in their order. */
  int combine(List<Term> terms) {
    List<Term> ordered =
        terms.stream()
            .filter(term -> !term.factor.isZero())
            .sorted(Comparator.comparingInt(LinearCode::rank))
            .toList();
    Term first = ordered.getFirst();
    int result =
        rank(first) == 0
            ? first.value
            : step(Kind.MULTIPLE, first.value, first.value, first.factor);
    for (Term term : ordered.subList(1, ordered.size())) {
      result =
          switch (rank(term)) {
            case 0 -> sum(result, term.value);
            case 1 -> difference(result, term.value);
            default -> step(Kind.MULTIPLY_ADD, term.value, result, term.factor);
          };
    }
    return result;
  }

  private static int rank(Term term) {
    if (term.factor.equals(Fraction.ONE)) {
      return 0;
    }
    return term.factor.equals(MINUS_ONE) ? 1 : 2;
  }

  /** The value of a step, which is made once. */
  private int step(Kind kind, int a, int b, Fraction c) {
    for (Step made : steps) {
      if (made.equals(new Step(kind, made.target, a, b, c))) {
        return made.target;
      }
    }
    int target = inputs + steps.size();
    steps.add(new Step(kind, target, a, b, c));
    return target;
  }
}
