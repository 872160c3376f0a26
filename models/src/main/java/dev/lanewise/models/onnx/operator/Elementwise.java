package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.ElementType;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Shapes;
import dev.lanewise.models.onnx.tensor.Unsupported;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/** Arithmetic on elements, with broadcasting where there are several operands. */
final class Elementwise {

  private Elementwise() {}

  static void register(Operators operators) {
    operators.add("Add", call -> binary(call, Double::sum, Long::sum));
    operators.add("Sub", call -> binary(call, (a, b) -> a - b, (a, b) -> a - b));
    operators.add("Mul", call -> binary(call, (a, b) -> a * b, (a, b) -> a * b));
    operators.add("Div", call -> binary(call, (a, b) -> a / b, Elementwise::divide));
    operators.add("Mod", Elementwise::mod);
    operators.add("Pow", Elementwise::pow);
    operators.add("Max", call -> fold(call, Math::max, Math::max));
    operators.add("Min", call -> fold(call, Math::min, Math::min));
    operators.add("Sum", call -> fold(call, Double::sum, Long::sum));
    operators.add("Mean", Elementwise::mean);

    operators.add("Neg", call -> unary(call, x -> -x, x -> -x));
    operators.add("Sign", call -> unary(call, Math::signum, Long::signum));
    operators.add("Ceil", call -> unary(call, Math::ceil));
    operators.add("Floor", call -> unary(call, Math::floor));
    operators.add("Round", call -> unary(call, Math::rint));
    operators.add("Reciprocal", call -> unary(call, x -> 1 / x));
    operators.add("Sin", call -> unary(call, Math::sin));
    operators.add("Cos", call -> unary(call, Math::cos));
    operators.add("Tan", call -> unary(call, Math::tan));
    operators.add("Asin", call -> unary(call, Math::asin));
    operators.add("Acos", call -> unary(call, Math::acos));
    operators.add("Atan", call -> unary(call, Math::atan));
    operators.add("Sinh", call -> unary(call, Math::sinh));
    operators.add("Cosh", call -> unary(call, Math::cosh));
  }

  /** Combines two operands of one type. */
  static OnnxTensor binary(Call call, DoubleBinaryOperator reals, LongBinaryOperator wholes) {
    OnnxTensor a = call.input(0);
    OnnxTensor b = withLegacyDims(call, a, call.input(1));
    return combine(a, b, reals, wholes);
  }

  /** Before operator set 7 the second operand was aligned with an axis of the first. */
  private static OnnxTensor withLegacyDims(Call call, OnnxTensor a, OnnxTensor b) {
    return b.withDims(secondDims(call, a.dims(), b.dims()));
  }

  /** The dimensions of the second operand that follow from the attributes of the time. */
  static int[] secondDims(Call call, int[] a, int[] b) {
    if (call.opset() >= 7 || !call.flag("broadcast", false) || !call.has("axis")) {
      return b;
    }
    int axis = Shapes.axis(call.integer("axis", 0), a.length);
    Check.that(
        axis + b.length <= a.length,
        "%s does not broadcast to %s at %d",
        Arrays.toString(b),
        Arrays.toString(a),
        axis);
    int[] dims = new int[a.length - axis];
    Arrays.fill(dims, 1);
    System.arraycopy(b, 0, dims, 0, b.length);
    return dims;
  }

  static OnnxTensor combine(
      OnnxTensor a, OnnxTensor b, DoubleBinaryOperator reals, LongBinaryOperator wholes) {
    Check.that(a.type() == b.type(), "operands are of two types, %s and %s", a, b);
    int[] dims = Shapes.broadcast(a.dims(), b.dims());
    OnnxTensor left = Shapes.expand(a, dims);
    OnnxTensor right = Shapes.expand(b, dims);
    if (left.isReal()) {
      double[] values = new double[left.size()];
      Arrays.setAll(values, i -> reals.applyAsDouble(left.real(i), right.real(i)));
      return OnnxTensor.ofReals(left.type(), values, dims);
    }
    long[] values = new long[left.size()];
    Arrays.setAll(values, i -> wholes.applyAsLong(left.whole(i), right.whole(i)));
    return OnnxTensor.ofWholes(left.type(), values, dims);
  }

  private static long divide(long a, long b) {
    Check.that(b != 0, "division of the whole number %d by zero", a);
    return a / b;
  }

  private static OnnxTensor mod(Call call) {
    return call.flag("fmod", false)
        ? binary(call, (a, b) -> a % b, (a, b) -> a - b * divide(a, b))
        : binary(call, (a, b) -> a - b * Math.floor(a / b), (a, b) -> a - b * Math.floorDiv(a, b));
  }

  /** The exponent may have a type of its own; the result has the base's. */
  private static OnnxTensor pow(Call call) {
    ElementType type = call.input(0).type();
    OnnxTensor power =
        combine(
            call.input(0).cast(ElementType.DOUBLE),
            call.input(1).cast(ElementType.DOUBLE),
            Math::pow,
            Elementwise::unreachable);
    return power.cast(type);
  }

  private static long unreachable(long a, long b) {
    throw new IllegalStateException("whole operands were made doubles");
  }

  private static OnnxTensor fold(Call call, DoubleBinaryOperator reals, LongBinaryOperator wholes) {
    return call.inputs().stream().reduce((a, b) -> combine(a, b, reals, wholes)).orElseThrow();
  }

  private static OnnxTensor mean(Call call) {
    OnnxTensor sum = fold(call, Double::sum, Long::sum);
    int count = call.inputs().size();
    return map(sum, x -> x / count, x -> x / count);
  }

  private static OnnxTensor unary(Call call, DoubleUnaryOperator reals) {
    OnnxTensor x = call.input(0);
    if (!x.isReal()) {
      throw new Unsupported("%s of %s".formatted(call.operator(), x.type()));
    }
    return map(x, reals, LongUnaryOperator.identity());
  }

  private static OnnxTensor unary(Call call, DoubleUnaryOperator reals, LongUnaryOperator wholes) {
    return map(call.input(0), reals, wholes);
  }

  /** A function of each element. */
  static OnnxTensor map(OnnxTensor x, DoubleUnaryOperator reals, LongUnaryOperator wholes) {
    return x.isReal()
        ? OnnxTensor.ofReals(x.type(), Arrays.stream(x.reals()).map(reals).toArray(), x.dims())
        : OnnxTensor.ofWholes(x.type(), Arrays.stream(x.wholes()).map(wholes).toArray(), x.dims());
  }
}
