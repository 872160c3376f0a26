package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.ElementType;
import dev.lanewise.models.onnx.tensor.Shapes;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.op.Concat;
import dev.lanewise.nn.op.Reduce;
import dev.lanewise.nn.op.Reshape;
import dev.lanewise.nn.op.Slice;
import dev.lanewise.nn.op.Transpose;
import dev.lanewise.nn.op.Upsample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators that move elements or read dimensions, where what they move is open. */
final class MoveTranslations {

  private MoveTranslations() {}

  static void register(Operators operators) {
    operators.translateAny("Shape", (call, nodes) -> new Operand.Known(Constants.shape(call)));
    operators.translateAny("Size", (call, nodes) -> new Operand.Known(Constants.size(call)));
    operators.translate("Identity", (call, nodes) -> call.open());
    operators.translate("Dropout", MoveTranslations::dropout);
    operators.translate("Cast", MoveTranslations::cast);
    operators.translate(
        "Reshape", (call, nodes) -> reshaped(call, nodes, Reshapes.reshaped(call, dims(call))));
    operators.translate(
        "Flatten", (call, nodes) -> reshaped(call, nodes, Reshapes.flattened(call, dims(call))));
    operators.translate(
        "Squeeze", (call, nodes) -> reshaped(call, nodes, Reshapes.squeezed(call, dims(call))));
    operators.translate(
        "Unsqueeze", (call, nodes) -> reshaped(call, nodes, Reshapes.unsqueezed(call, dims(call))));
    operators.translate("Transpose", MoveTranslations::transpose);
    operators.translateAny("Concat", MoveTranslations::concat);
    operators.translateMany("Split", MoveTranslations::split);
    operators.translate("ReduceMean", MoveTranslations::mean);
    operators.translate("Resize", MoveTranslations::resize);
    operators.translate("Upsample", MoveTranslations::resize);
  }

  private static int[] dims(Call call) {
    return call.operand(0).dims();
  }

  private static Operand dropout(Call call, Nodes nodes) {
    return call.wants(1) || Reshapes.drops(call) ? null : call.open();
  }

  /** Floats that stay floats; the rest changes values. */
  private static Operand cast(Call call, Nodes nodes) {
    boolean stays =
        call.open().type() == ElementType.FLOAT
            && ElementType.of(call.integer("to", 0)) == ElementType.FLOAT;
    return stays ? call.open() : null;
  }

  private static Operand reshaped(Call call, Nodes nodes, int... dims) {
    Operand.Open x = call.open();
    int[] old = x.dims();
    if (Arrays.equals(dims, old)) {
      return x;
    }
    if (dims.length == 2 && old.length > 2 && dims[0] == old[0]) {
      return nodes.add(call, new Operator.Flatten(), dims, x);
    }
    Check.that(
        Shapes.product(dims, 0, dims.length) == Shapes.product(old, 0, old.length),
        "%s of %s to %s",
        call.operator(),
        x.value(),
        Arrays.toString(dims));
    return nodes.some(
        call, x.type(), dims, (read, context) -> Reshape.apply(read.getFirst(), context, dims));
  }

  private static Operand transpose(Call call, Nodes nodes) {
    Operand.Open x = call.open();
    int[] old = x.dims();
    int[] order = Movements.order(call, old.length);
    int[] dims = IntStream.of(order).map(axis -> old[axis]).toArray();
    return nodes.some(
        call, x.type(), dims, (read, context) -> Transpose.apply(read.getFirst(), context, order));
  }

  private static Operand concat(Call call, Nodes nodes) {
    List<int[]> parts = new ArrayList<>();
    boolean open = true;
    for (int i = 0; i < call.operands().size(); i++) {
      parts.add(call.operand(i).dims());
      open &= call.isOpen(i);
      if (call.operand(i).type() != call.operand(0).type() || isEmpty(parts.get(i))) {
        return null;
      }
    }
    int rank = parts.getFirst().length;
    int axis = Shapes.axis(call.integer("axis", 1), rank);
    int[] dims = Movements.joinedDims(parts, axis);
    if (open && axis == 1) {
      Operand.Open[] all =
          call.operands().stream().map(Optional::orElseThrow).toArray(Operand.Open[]::new);
      return nodes.add(call, new Operator.Concatenation(), dims, all);
    }
    return nodes.all(call, dims, (read, context) -> Concat.apply(read, axis, context));
  }

  private static boolean isEmpty(int... dims) {
    return Arrays.stream(dims).anyMatch(dim -> dim == 0);
  }

  private static Optional<List<Operand>> split(Call call, Nodes nodes) {
    if (!call.knownAfterFirst()) {
      return Optional.empty();
    }
    Operand.Open x = call.open();
    int[] dims = x.dims();
    int axis = Shapes.axis(call.integer("axis", 0), dims.length);
    int[] sizes = Movements.splitSizes(call, dims, axis);
    if (isEmpty(sizes)) {
      return Optional.empty();
    }
    List<Operand> parts = new ArrayList<>();
    int start = 0;
    for (int size : sizes) {
      int[] part = dims.clone();
      part[axis] = size;
      int from = start;
      int to = start + size;
      parts.add(
          nodes.some(
              call,
              x.type(),
              part,
              (read, context) -> Slice.apply(read.getFirst(), axis, from, to, context)));
      start = to;
    }
    return Optional.of(parts);
  }

  /** The mean over all pixels is a pooling. */
  private static Operand mean(Call call, Nodes nodes) {
    Operand.Open x = call.open();
    int[] dims = x.dims();
    int[] axes = Reductions.axes(call, dims.length);
    if (!x.type().isReal() || axes.length == 0) {
      return null;
    }
    int[] unit = dims.clone();
    Arrays.stream(axes).forEach(axis -> unit[axis] = 1);
    int[] kept =
        IntStream.range(0, dims.length)
            .filter(axis -> Arrays.stream(axes).noneMatch(other -> other == axis))
            .map(axis -> dims[axis])
            .toArray();
    boolean keeps = call.flag("keepdims", true);
    int[] result = keeps ? unit : kept;
    int[] sorted = Arrays.stream(axes).sorted().toArray();
    boolean pixels =
        dims.length >= 3
            && dims.length <= 5
            && Arrays.equals(sorted, IntStream.range(2, dims.length).toArray());
    if (!pixels) {
      return nodes.some(
          call,
          x.type(),
          result,
          (read, context) ->
              Reshape.apply(Reduce.mean(read.getFirst(), context, sorted), context, result));
    }
    List<Integer> one = Collections.nCopies(dims.length - 2, 1);
    Operand.Open pooled = nodes.add(call, new Operator.AdaptivePool(false, one), unit, x);
    return keeps ? pooled : nodes.add(call, new Operator.Flatten(), result, pooled);
  }

  /** Images of whole multiples of the size, in the two ways that there are here. */
  private static Operand resize(Call call, Nodes nodes) {
    Operand.Open x = call.open();
    int[] dims = x.dims();
    if (dims.length != 4 || !x.type().isReal()) {
      return null;
    }
    Optional<int[]> size = Resizes.size(call, dims);
    Optional<Upsample.Mode> mode = Resizes.mode(call);
    if (size.isEmpty() || mode.isEmpty()) {
      return null;
    }
    int[] to = size.get();
    boolean whole =
        to[0] == dims[0] && to[1] == dims[1] && to[2] % dims[2] == 0 && to[3] % dims[3] == 0;
    return whole
        ? nodes.some(
            call,
            x.type(),
            to,
            (read, context) -> Upsample.apply(read.getFirst(), to[2], to[3], mode.get(), context))
        : null;
  }
}
