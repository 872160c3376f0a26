package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Shapes;
import dev.lanewise.models.onnx.tensor.Steps;
import dev.lanewise.models.onnx.tensor.Unsupported;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Elements at other places: turned, repeated, joined, split, cut out. */
final class Movements {

  private Movements() {}

  static void register(Operators operators) {
    operators.add("Transpose", Movements::transpose);
    operators.add("Expand", Movements::expand);
    operators.add("Tile", Movements::tile);
    operators.add("Concat", Movements::concat);
    operators.addMany("Split", Movements::split);
    operators.add("Slice", Movements::slice);
    operators.add("DepthToSpace", Movements::depthToSpace);
    operators.add("SpaceToDepth", Movements::spaceToDepth);
  }

  private static OnnxTensor transpose(Call call) {
    OnnxTensor x = call.input(0);
    return Rows.permuted(x, order(call, x.rank()));
  }

  /** The old axis of each new one of a Transpose. */
  static int[] order(Call call, int rank) {
    int[] reversed = IntStream.range(0, rank).map(i -> rank - 1 - i).toArray();
    int[] order = Shapes.axes(call.integers("perm").orElse(reversed), rank);
    Check.that(order.length == rank, "perm has %d axes, the input %d", order.length, rank);
    return order;
  }

  private static OnnxTensor expand(Call call) {
    OnnxTensor x = call.input(0);
    return Shapes.expand(x, Shapes.broadcast(x.dims(), call.input(1).ints("shape")));
  }

  private static OnnxTensor tile(Call call) {
    OnnxTensor x = call.input(0);
    int[] repeats = call.input(1).ints("repeats");
    Check.that(repeats.length == x.rank(), "%d repeats of %s", repeats.length, x);
    int[] dims = new int[x.rank()];
    Arrays.setAll(dims, i -> Math.multiplyExact(x.dims()[i], repeats[i]));
    int[] own = Shapes.strides(x.dims());
    int[] strides = Shapes.strides(dims);
    return x.pick(
        dims,
        index -> {
          int source = 0;
          for (int axis = 0; axis < dims.length; axis++) {
            source += index / strides[axis] % dims[axis] % x.dims()[axis] * own[axis];
          }
          return source;
        });
  }

  private static OnnxTensor concat(Call call) {
    List<OnnxTensor> parts = call.inputs();
    OnnxTensor first = parts.getFirst();
    int axis = Shapes.axis(call.integer("axis", 1), first.rank());
    parts.forEach(
        part -> Check.that(part.type() == first.type(), "Concat of %s and %s", first, part));
    return joined(parts, axis, joinedDims(parts.stream().map(OnnxTensor::dims).toList(), axis));
  }

  /**
   * The dimensions of parts together.
   *
   * @throws IllegalArgumentException if they differ in another than the axis
   */
  static int[] joinedDims(List<int[]> parts, int axis) {
    int[] dims = parts.getFirst().clone();
    dims[axis] = 0;
    for (int[] part : parts) {
      boolean fits = part.length == dims.length;
      for (int i = 0; fits && i < dims.length; i++) {
        fits = i == axis || part[i] == dims[i];
      }
      Check.that(
          fits,
          "Concat of %s and %s along %d",
          Arrays.toString(parts.getFirst()),
          Arrays.toString(part),
          axis);
      dims[axis] = Math.addExact(dims[axis], part[axis]);
    }
    return dims;
  }

  private static OnnxTensor joined(List<OnnxTensor> parts, int axis, int... dims) {
    int outer = Shapes.product(dims, 0, axis);
    int inner = Shapes.product(dims, axis + 1, dims.length);
    int length = dims[axis] * inner;
    OnnxTensor first = parts.getFirst();
    double[] reals = new double[first.isReal() ? outer * length : 0];
    long[] wholes = new long[first.isReal() ? 0 : outer * length];
    Object target = first.isReal() ? reals : wholes;
    int start = 0;
    for (OnnxTensor part : parts) {
      Object source = part.isReal() ? part.reals() : part.wholes();
      int run = part.dims()[axis] * inner;
      for (int row = 0; row < outer; row++) {
        System.arraycopy(source, row * run, target, row * length + start, run);
      }
      start += run;
    }
    return first.isReal()
        ? OnnxTensor.ofReals(first.type(), reals, dims)
        : OnnxTensor.ofWholes(first.type(), wholes, dims);
  }

  private static List<OnnxTensor> split(Call call) {
    OnnxTensor x = call.input(0);
    int axis = Shapes.axis(call.integer("axis", 0), x.rank());
    int[] sizes = splitSizes(call, x.dims(), axis);
    List<OnnxTensor> parts = new ArrayList<>();
    int start = 0;
    for (int size : sizes) {
      parts.add(part(x, axis, start, 1, size));
      start += size;
    }
    return parts;
  }

  /** The sizes of the parts of a Split. */
  static int[] splitSizes(Call call, int[] dims, int axis) {
    int[] sizes = call.integers("split", 1).orElseGet(() -> even(call, dims[axis]));
    Check.that(
        Arrays.stream(sizes).allMatch(size -> size >= 0)
            && Arrays.stream(sizes).asLongStream().sum() == dims[axis],
        "split %s does not divide axis %d of %s",
        Arrays.toString(sizes),
        axis,
        Arrays.toString(dims));
    return sizes;
  }

  /** Equal parts; since operator set 18 the last may be smaller. */
  private static int[] even(Call call, int size) {
    int count = call.integer("num_outputs", call.outputs());
    Check.that(count >= 1 && count <= call.outputs(), "Split into %d parts", count);
    int part = Math.ceilDiv(size, count);
    int[] sizes = new int[count];
    Arrays.setAll(sizes, i -> Math.clamp(size - (long) i * part, 0, part));
    return sizes;
  }

  /** Elements {@code start}, {@code start + step}, ... of one axis. */
  private static OnnxTensor part(OnnxTensor x, int axis, int start, int step, int count) {
    int[] dims = x.dims().clone();
    dims[axis] = count;
    int[] steps = Shapes.strides(x.dims());
    int offset = start * steps[axis];
    steps[axis] *= step;
    return x.pick(dims, new Steps(dims, steps, offset));
  }

  private static OnnxTensor slice(Call call) {
    OnnxTensor x = call.input(0);
    int[] starts = longs(call, "starts", 1);
    int[] ends = longs(call, "ends", 2);
    int[] axes =
        Shapes.axes(call.integers("axes", 3).orElse(Shapes.range(starts.length)), x.rank());
    int[] steps = call.optional(4).map(Movements::clamped).orElseGet(() -> ones(starts.length));
    Check.that(
        ends.length == starts.length && axes.length == starts.length && steps.length == axes.length,
        "Slice has %d starts, %d ends, %d axes and %d steps",
        starts.length,
        ends.length,
        axes.length,
        steps.length);
    for (int i = 0; i < axes.length; i++) {
      x = slice(x, axes[i], starts[i], ends[i], steps[i]);
    }
    return x;
  }

  private static OnnxTensor slice(OnnxTensor x, int axis, int start, int end, int step) {
    Check.that(step != 0, "Slice of axis %d with a step of 0", axis);
    int size = x.dims()[axis];
    if (size == 0) {
      return x;
    }
    // Going backwards, the end before the first element is -1.
    int least = step > 0 ? 0 : -1;
    int most = step > 0 ? size : size - 1;
    long from = Math.clamp(start < 0 ? (long) start + size : start, Math.max(least, 0), most);
    long to = Math.clamp(end < 0 ? (long) end + size : end, least, most);
    long count = Math.max(0, Math.ceilDiv(to - from, (long) step));
    return part(x, axis, (int) from, count <= 1 ? 1 : step, (int) count);
  }

  private static int[] longs(Call call, String name, int input) {
    return call.optional(input)
        .map(Movements::clamped)
        .or(() -> call.integers(name))
        .orElseThrow(() -> new IllegalArgumentException("Slice lacks " + name));
  }

  /** Ends such as 2^63 - 1 mean: as far as there are elements. */
  private static int[] clamped(OnnxTensor tensor) {
    return Arrays.stream(tensor.wholes())
        .mapToInt(value -> Math.clamp(value, -Integer.MAX_VALUE, Integer.MAX_VALUE))
        .toArray();
  }

  private static int[] ones(int count) {
    int[] ones = new int[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static OnnxTensor depthToSpace(Call call) {
    OnnxTensor x = image(call);
    int block = block(call);
    int[] d = x.dims();
    Check.that(d[1] % (block * block) == 0, "blocksize %d does not divide %s", block, x);
    int channels = d[1] / (block * block);
    OnnxTensor turned =
        switch (call.text("mode", "DCR")) {
          case "DCR" ->
              Rows.permuted(x.withDims(d[0], block, block, channels, d[2], d[3]), 0, 3, 4, 1, 5, 2);
          case "CRD" ->
              Rows.permuted(x.withDims(d[0], channels, block, block, d[2], d[3]), 0, 1, 4, 2, 5, 3);
          default -> throw new Unsupported("DepthToSpace of mode " + call.text("mode", ""));
        };
    return turned.withDims(d[0], channels, d[2] * block, d[3] * block);
  }

  private static OnnxTensor spaceToDepth(Call call) {
    OnnxTensor x = image(call);
    int block = block(call);
    int[] d = x.dims();
    Check.that(d[2] % block == 0 && d[3] % block == 0, "blocksize %d does not divide %s", block, x);
    OnnxTensor cut = x.withDims(d[0], d[1], d[2] / block, block, d[3] / block, block);
    return Rows.permuted(cut, 0, 3, 5, 1, 2, 4)
        .withDims(d[0], d[1] * block * block, d[2] / block, d[3] / block);
  }

  private static OnnxTensor image(Call call) {
    Check.that(call.input(0).rank() == 4, "%s of %s", call.operator(), call.input(0));
    return call.input(0);
  }

  private static int block(Call call) {
    int block = call.integer("blocksize", 0);
    Check.that(block >= 1 && block <= 1 << 12, "blocksize %d", block);
    return block;
  }
}
