package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.ElementType;
import dev.lanewise.models.onnx.tensor.Limits;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Shapes;
import dev.lanewise.models.onnx.tensor.Unsupported;
import java.util.Arrays;

/** Tensors from attributes and shapes, and conversions of types. */
final class Constants {

  private Constants() {}

  static void register(Operators operators) {
    operators.add("Constant", Constants::constant);
    operators.add("ConstantOfShape", Constants::constantOfShape);
    operators.add("Shape", Constants::shape);
    operators.add("Size", Constants::size);
    operators.add("Range", Constants::range);
    operators.add("Cast", call -> cast(call, ElementType.of(call.integer("to", 0))));
    operators.add("CastLike", call -> cast(call, call.input(1).type()));
  }

  private static OnnxTensor constant(Call call) {
    if (call.has("value_float")) {
      return OnnxTensor.ofReals(ElementType.FLOAT, new double[] {call.real("value_float", 0)});
    }
    if (call.has("value_floats")) {
      double[] values = call.reals("value_floats").orElseThrow();
      return OnnxTensor.ofReals(ElementType.FLOAT, values, values.length);
    }
    if (call.has("value_int")) {
      return scalar(call.integer("value_int", 0));
    }
    if (call.has("value_ints")) {
      return OnnxTensor.vector(
          Arrays.stream(call.integers("value_ints").orElseThrow()).asLongStream().toArray());
    }
    return call.tensor("value").orElseThrow(() -> new Unsupported("Constant without a tensor"));
  }

  private static OnnxTensor constantOfShape(Call call) {
    int[] dims = call.input(0).ints("shape");
    OnnxTensor value =
        call.tensor("value")
            .orElseGet(() -> OnnxTensor.ofReals(ElementType.FLOAT, new double[1], 1));
    Check.that(value.size() == 1, "ConstantOfShape takes one value, not %s", value);
    return value.pick(dims, i -> 0);
  }

  /** The number of elements of an operand, which may be open. */
  static OnnxTensor size(Call call) {
    int[] dims = call.operand(0).dims();
    return scalar(Shapes.product(dims, 0, dims.length));
  }

  /** The dimensions of an operand, which may be open. */
  static OnnxTensor shape(Call call) {
    int[] dims = call.operand(0).dims();
    int start = clampedAxis(call.integer("start", 0), dims.length);
    int end = clampedAxis(call.integer("end", dims.length), dims.length);
    return OnnxTensor.vector(
        Arrays.stream(dims, start, Math.max(start, end)).asLongStream().toArray());
  }

  private static int clampedAxis(int axis, int rank) {
    return Math.clamp(axis < 0 ? (long) axis + rank : axis, 0, rank);
  }

  private static OnnxTensor range(Call call) {
    OnnxTensor start = call.input(0);
    double delta = call.input(2).real(0);
    Check.that(delta != 0, "Range needs a delta other than 0");
    double steps = Math.max(0, Math.ceil((call.input(1).real(0) - start.real(0)) / delta));
    Limits.checkElements((long) steps);
    int count = (int) steps;
    if (start.isReal()) {
      double[] values = new double[count];
      Arrays.setAll(values, i -> start.real(0) + i * delta);
      return OnnxTensor.ofReals(start.type(), values, count);
    }
    long[] values = new long[count];
    Arrays.setAll(values, i -> start.whole(0) + i * call.input(2).whole(0));
    return OnnxTensor.ofWholes(start.type(), values, count);
  }

  private static OnnxTensor cast(Call call, ElementType to) {
    return call.input(0).cast(to);
  }

  private static OnnxTensor scalar(long value) {
    return OnnxTensor.ofWholes(ElementType.INT64, new long[] {value});
  }

  /** The single element of a tensor. */
  static int single(String name, OnnxTensor tensor) {
    Check.that(tensor.size() == 1, "%s must be one number, is %s", name, tensor);
    return Shapes.toInt(name, tensor.whole(0));
  }
}
