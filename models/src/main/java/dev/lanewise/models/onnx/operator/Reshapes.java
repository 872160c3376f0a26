package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.ElementType;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Shapes;
import dev.lanewise.models.onnx.tensor.Unsupported;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** New dimensions for the same elements. */
final class Reshapes {

  private Reshapes() {}

  static void register(Operators operators) {
    operators.add("Identity", call -> call.input(0));
    operators.add("Reshape", of(Reshapes::reshaped));
    operators.add("Flatten", of(Reshapes::flattened));
    operators.add("Squeeze", of(Reshapes::squeezed));
    operators.add("Unsqueeze", of(Reshapes::unsqueezed));
    operators.addMany("Dropout", Reshapes::dropout);
  }

  /** New dimensions that follow from the old ones, attributes and known inputs. */
  @FunctionalInterface
  private interface NewDims {
    int[] apply(Call call, int... old);
  }

  private static Definition.OfOne of(NewDims dims) {
    return call -> call.input(0).withDims(dims.apply(call, call.input(0).dims()));
  }

  /** The dimensions after {@code Reshape}. */
  static int[] reshaped(Call call, int... old) {
    int[] shape =
        call.integers("shape", 1)
            .orElseThrow(() -> new IllegalArgumentException("Reshape lacks a shape"));
    int[] dims = shape.clone();
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == 0 && !call.flag("allowzero", false)) {
        Check.that(i < old.length, "Reshape copies dimension %d of %s", i, Arrays.toString(old));
        dims[i] = old[i];
      }
    }
    int[] unknown = IntStream.range(0, dims.length).filter(i -> dims[i] == -1).toArray();
    Check.that(unknown.length <= 1, "shape %s has several -1", Arrays.toString(shape));
    if (unknown.length == 1) {
      int size = Shapes.product(old, 0, old.length);
      int known = Arrays.stream(dims).filter(dim -> dim != -1).reduce(1, Math::multiplyExact);
      Check.that(
          known != 0 && size % known == 0,
          "shape %s does not divide %s",
          Arrays.toString(shape),
          Arrays.toString(old));
      dims[unknown[0]] = size / known;
    }
    return dims;
  }

  /** The dimensions after {@code Flatten}. */
  static int[] flattened(Call call, int... old) {
    int given = call.integer("axis", 1);
    int axis = given == old.length ? given : Shapes.axis(given, old.length);
    return new int[] {Shapes.product(old, 0, axis), Shapes.product(old, axis, old.length)};
  }

  /** The dimensions after {@code Squeeze}. */
  static int[] squeezed(Call call, int... old) {
    int[] axes =
        call.integers("axes", 1)
            .map(given -> Shapes.axes(given, old.length))
            .orElseGet(() -> IntStream.range(0, old.length).filter(i -> old[i] == 1).toArray());
    for (int axis : axes) {
      Check.that(old[axis] == 1, "Squeeze of axis %d of %s", axis, Arrays.toString(old));
    }
    return IntStream.range(0, old.length)
        .filter(i -> Arrays.stream(axes).noneMatch(axis -> axis == i))
        .map(i -> old[i])
        .toArray();
  }

  /** The dimensions after {@code Unsqueeze}. */
  static int[] unsqueezed(Call call, int... old) {
    int[] given =
        call.integers("axes", 1)
            .orElseThrow(() -> new IllegalArgumentException("Unsqueeze lacks axes"));
    int rank = old.length + given.length;
    int[] axes = Shapes.axes(given, rank);
    int[] dims = new int[rank];
    Arrays.stream(axes).forEach(axis -> dims[axis] = 1);
    int next = 0;
    for (int i = 0; i < rank; i++) {
      dims[i] = dims[i] == 1 ? 1 : old[next++];
    }
    return dims;
  }

  /** In inference nothing is dropped. */
  private static List<OnnxTensor> dropout(Call call) {
    OnnxTensor x = call.input(0);
    if (drops(call)) {
      throw new Unsupported("Dropout in training");
    }
    // Before operator set 10 the mask had the type of the data.
    ElementType type = call.opset() < 10 ? x.type() : ElementType.BOOL;
    OnnxTensor one = OnnxTensor.ofWholes(ElementType.BOOL, new long[] {1}).cast(type);
    return List.of(x, Shapes.expand(one, x.dims()));
  }

  /** Whether a dropout is in training. */
  static boolean drops(Call call) {
    boolean training = call.optional(2).map(mode -> mode.whole(0) != 0).orElse(false);
    return training && call.optional(1).map(ratio -> ratio.real(0) != 0).orElse(true);
  }
}
