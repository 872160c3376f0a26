package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.pool.PoolIndices;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.Shapes;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.op.Pad;
import dev.lanewise.nn.op.Slice;
import dev.lanewise.nn.op.Unpooling;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Values back where the maxima of a pooling were found. */
final class Unpoolings {

  private Unpoolings() {}

  static void register(Operators operators) {
    operators.kernelMany(
        "MaxUnpool", 1, (call, nodes) -> Optional.of(List.of(unpool(call, nodes))));
  }

  /** The indices count in the output that follows from the attributes, whatever is asked for. */
  private static Operand unpool(Call call, Nodes nodes) {
    Operand.Open x = Images.open(call, 3);
    Operand indices = call.operand(1);
    Check.that(
        Arrays.equals(indices.dims(), x.dims()) && !indices.type().isReal(),
        "indices %s of maxima %s",
        Arrays.toString(indices.dims()),
        x.value());
    int[] unpooled = unpooledDims(call, x);
    int[] asked = call.optional(2).map(shape -> shape.ints("output_shape")).orElse(unpooled);
    Check.that(
        asked.length == unpooled.length
            && Arrays.equals(asked, 0, 2, unpooled, 0, 2)
            && Arrays.stream(asked).allMatch(size -> size >= 1),
        "output_shape %s of maxima %s",
        Arrays.toString(asked),
        x.value());
    Images.size(unpooled);
    Images.size(asked);
    long[] known = call.isOpen(1) ? null : call.input(1).wholes();
    return nodes.some(
        call,
        x.type(),
        asked,
        (read, context) -> {
          long[] flat = known == null ? wholes(read.getLast()) : known;
          int[] places = PoolIndices.fromFlat(flat, x.dims(), unpooled);
          int[] size = Arrays.copyOfRange(unpooled, 2, unpooled.length);
          return resized(Unpooling.apply(read.getFirst(), places, context, size), asked, context);
        });
  }

  private static long[] wholes(Tensor tensor) {
    float[] values = tensor.values();
    long[] wholes = new long[values.length];
    Arrays.setAll(wholes, i -> (long) values[i]);
    return wholes;
  }

  private static int[] unpooledDims(Call call, Operand.Open x) {
    int[] dims = x.dims();
    int[] kernel = Windows.kernel(call);
    int rank = Windows.rank(call, dims);
    Check.that(kernel.length == rank, "kernel_shape of %d sizes for %s", kernel.length, x.value());
    int[] strides = Windows.values(call, "strides", rank, 1);
    int[] pads = Windows.values(call, "pads", 2 * rank, 0);
    for (int i = 0; i < rank; i++) {
      long size = (dims[2 + i] - 1L) * strides[i] + kernel[i] - pads[i] - pads[i + rank];
      dims[2 + i] = Check.positive("unpooled size", Shapes.toInt("unpooled size", size));
    }
    return dims;
  }

  /** Cut off or filled up with zeros at the end of each axis. */
  private static Tensor resized(Tensor x, int[] dims, Context context) {
    Tensor cut = x;
    int[] more = new int[dims.length - 2];
    for (int axis = 2; axis < dims.length; axis++) {
      more[axis - 2] = Math.max(0, dims[axis] - x.dim(axis));
      if (dims[axis] < x.dim(axis)) {
        cut = Slice.apply(cut, axis, 0, dims[axis], context);
      }
    }
    return Arrays.stream(more).allMatch(size -> size == 0)
        ? cut
        : Pad.constant(cut, new int[more.length], more, 0, context);
  }
}
