package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.ElementType;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Shapes;
import java.util.Arrays;
import java.util.function.DoublePredicate;

/** Comparisons, logic, and the choice between two tensors. */
final class Comparisons {

  /** Compares two elements of equal type. */
  @FunctionalInterface
  private interface Relation {
    boolean holds(OnnxTensor a, OnnxTensor b, int index);
  }

  private Comparisons() {}

  static void register(Operators operators) {
    operators.add("Less", call -> compare(call, Comparisons::less));
    operators.add("Greater", call -> compare(call, (a, b, i) -> less(b, a, i)));
    operators.add(
        "LessOrEqual", call -> compare(call, (a, b, i) -> less(a, b, i) || equal(a, b, i)));
    operators.add(
        "GreaterOrEqual", call -> compare(call, (a, b, i) -> less(b, a, i) || equal(a, b, i)));
    operators.add("Equal", call -> compare(call, Comparisons::equal));
    operators.add("And", call -> compare(call, (a, b, i) -> a.whole(i) != 0 && b.whole(i) != 0));
    operators.add("Or", call -> compare(call, (a, b, i) -> a.whole(i) != 0 || b.whole(i) != 0));
    operators.add("Xor", call -> compare(call, (a, b, i) -> a.whole(i) != b.whole(i)));
    operators.add("Not", call -> test(call.input(0), x -> x == 0));
    operators.add("IsNaN", call -> test(call.input(0), Double::isNaN));
    operators.add("IsInf", Comparisons::isInfinite);
    operators.add("Where", Comparisons::where);
  }

  private static boolean less(OnnxTensor a, OnnxTensor b, int index) {
    return a.isReal() ? a.real(index) < b.real(index) : a.whole(index) < b.whole(index);
  }

  private static boolean equal(OnnxTensor a, OnnxTensor b, int index) {
    return a.isReal() ? a.real(index) == b.real(index) : a.whole(index) == b.whole(index);
  }

  private static OnnxTensor compare(Call call, Relation relation) {
    Check.that(
        call.input(0).type() == call.input(1).type(),
        "operands are of two types, %s and %s",
        call.input(0),
        call.input(1));
    int[] dims = Shapes.broadcast(call.input(0).dims(), call.input(1).dims());
    OnnxTensor a = Shapes.expand(call.input(0), dims);
    OnnxTensor b = Shapes.expand(call.input(1), dims);
    long[] truths = new long[a.size()];
    Arrays.setAll(truths, i -> relation.holds(a, b, i) ? 1 : 0);
    return OnnxTensor.ofWholes(ElementType.BOOL, truths, dims);
  }

  private static OnnxTensor test(OnnxTensor x, DoublePredicate predicate) {
    long[] truths = new long[x.size()];
    Arrays.setAll(truths, i -> predicate.test(x.real(i)) ? 1 : 0);
    return OnnxTensor.ofWholes(ElementType.BOOL, truths, x.dims());
  }

  private static OnnxTensor isInfinite(Call call) {
    boolean positive = call.flag("detect_positive", true);
    boolean negative = call.flag("detect_negative", true);
    return test(call.input(0), x -> Double.isInfinite(x) && (x > 0 ? positive : negative));
  }

  private static OnnxTensor where(Call call) {
    Check.that(
        call.input(1).type() == call.input(2).type(),
        "Where chooses between two types, %s and %s",
        call.input(1),
        call.input(2));
    int[] both = Shapes.broadcast(call.input(1).dims(), call.input(2).dims());
    int[] dims = Shapes.broadcast(call.input(0).dims(), both);
    OnnxTensor condition = Shapes.expand(call.input(0), dims);
    OnnxTensor yes = Shapes.expand(call.input(1), dims);
    OnnxTensor no = Shapes.expand(call.input(2), dims);
    if (yes.isReal()) {
      double[] values = new double[yes.size()];
      Arrays.setAll(values, i -> condition.whole(i) != 0 ? yes.real(i) : no.real(i));
      return OnnxTensor.ofReals(yes.type(), values, dims);
    }
    long[] values = new long[yes.size()];
    Arrays.setAll(values, i -> condition.whole(i) != 0 ? yes.whole(i) : no.whole(i));
    return OnnxTensor.ofWholes(yes.type(), values, dims);
  }
}
