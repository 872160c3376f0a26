package dev.lanewise.verify.onnx.operator;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.verify.onnx.tensor.ElementType;
import dev.lanewise.verify.onnx.tensor.OnnxTensor;
import dev.lanewise.verify.onnx.tensor.Shapes;
import dev.lanewise.verify.onnx.tensor.Unsupported;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** New dimensions for the same elements. */
final class Reshapes {

  private Reshapes() {}

  static void register(Operators operators) {
    operators.add("Identity", call -> call.input(0));
    operators.add("Reshape", Reshapes::reshape);
    operators.add("Flatten", Reshapes::flatten);
    operators.add("Squeeze", Reshapes::squeeze);
    operators.add("Unsqueeze", Reshapes::unsqueeze);
    operators.addMany("Dropout", Reshapes::dropout);
  }

  private static OnnxTensor reshape(Call call) {
    OnnxTensor x = call.input(0);
    int[] shape =
        call.integers("shape", 1)
            .orElseThrow(() -> new IllegalArgumentException("Reshape lacks a shape"));
    int[] dims = shape.clone();
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == 0 && !call.flag("allowzero", false)) {
        Check.that(i < x.rank(), "Reshape copies dimension %d of %s", i, x);
        dims[i] = x.dims()[i];
      }
    }
    int[] unknown = IntStream.range(0, dims.length).filter(i -> dims[i] == -1).toArray();
    Check.that(unknown.length <= 1, "shape %s has several -1", Arrays.toString(shape));
    if (unknown.length == 1) {
      int known = Arrays.stream(dims).filter(dim -> dim != -1).reduce(1, Math::multiplyExact);
      Check.that(
          known != 0 && x.size() % known == 0,
          "shape %s does not divide %s",
          Arrays.toString(shape),
          x);
      dims[unknown[0]] = x.size() / known;
    }
    return x.withDims(dims);
  }

  private static OnnxTensor flatten(Call call) {
    OnnxTensor x = call.input(0);
    int given = call.integer("axis", 1);
    int axis = given == x.rank() ? given : Shapes.axis(given, x.rank());
    return x.withDims(Shapes.product(x.dims(), 0, axis), Shapes.product(x.dims(), axis, x.rank()));
  }

  private static OnnxTensor squeeze(Call call) {
    OnnxTensor x = call.input(0);
    int[] dims = x.dims();
    int[] axes =
        call.integers("axes", 1)
            .map(given -> Shapes.axes(given, dims.length))
            .orElseGet(() -> IntStream.range(0, dims.length).filter(i -> dims[i] == 1).toArray());
    for (int axis : axes) {
      Check.that(dims[axis] == 1, "Squeeze of axis %d of %s", axis, x);
    }
    return x.withDims(
        IntStream.range(0, dims.length)
            .filter(i -> Arrays.stream(axes).noneMatch(axis -> axis == i))
            .map(i -> dims[i])
            .toArray());
  }

  private static OnnxTensor unsqueeze(Call call) {
    OnnxTensor x = call.input(0);
    int[] given =
        call.integers("axes", 1)
            .orElseThrow(() -> new IllegalArgumentException("Unsqueeze lacks axes"));
    int rank = x.rank() + given.length;
    int[] axes = Shapes.axes(given, rank);
    int[] dims = new int[rank];
    Arrays.stream(axes).forEach(axis -> dims[axis] = 1);
    int next = 0;
    for (int i = 0; i < rank; i++) {
      dims[i] = dims[i] == 1 ? 1 : x.dims()[next++];
    }
    return x.withDims(dims);
  }

  /** In inference nothing is dropped. */
  private static List<OnnxTensor> dropout(Call call) {
    OnnxTensor x = call.input(0);
    boolean training = call.optional(2).map(mode -> mode.whole(0) != 0).orElse(false);
    boolean drops = call.optional(1).map(ratio -> ratio.real(0) != 0).orElse(true);
    if (training && drops) {
      throw new Unsupported("Dropout in training");
    }
    // Before operator set 10 the mask had the type of the data.
    ElementType type = call.opset() < 10 ? x.type() : ElementType.BOOL;
    OnnxTensor one = OnnxTensor.ofWholes(ElementType.BOOL, new long[] {1}).cast(type);
    return List.of(x, Shapes.expand(one, x.dims()));
  }
}
