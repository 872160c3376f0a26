package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Shapes;
import java.util.Arrays;

/** Elements chosen by indices. */
final class Selections {

  private Selections() {}

  static void register(Operators operators) {
    operators.add("Gather", Selections::gather);
    operators.add("GatherElements", Selections::gatherElements);
    operators.add("GatherND", Selections::gatherNd);
  }

  private static OnnxTensor gather(Call call) {
    OnnxTensor x = call.input(0);
    OnnxTensor indices = call.input(1);
    int axis = Shapes.axis(call.integer("axis", 0), x.rank());
    int size = x.dims()[axis];
    int inner = Shapes.product(x.dims(), axis + 1, x.rank());
    int[] outerDims = Arrays.copyOf(x.dims(), axis);
    int[] innerDims = Arrays.copyOfRange(x.dims(), axis + 1, x.rank());
    int[] dims = joined(outerDims, indices.dims(), innerDims);
    int count = indices.size();
    return x.pick(
        dims,
        i -> {
          int outer = i / (inner * count);
          int chosen = index(indices, i / inner % count, size);
          return (outer * size + chosen) * inner + i % inner;
        });
  }

  private static OnnxTensor gatherElements(Call call) {
    OnnxTensor x = call.input(0);
    OnnxTensor indices = call.input(1);
    int axis = Shapes.axis(call.integer("axis", 0), x.rank());
    int[] dims = indices.dims();
    Check.that(dims.length == x.rank(), "indices %s of %s", indices, x);
    int[] own = Shapes.strides(x.dims());
    int[] strides = Shapes.strides(dims);
    for (int i = 0; i < dims.length; i++) {
      Check.that(i == axis || dims[i] <= x.dims()[i], "indices %s of %s", indices, x);
    }
    return x.pick(
        dims,
        i -> {
          int source = 0;
          for (int a = 0; a < dims.length; a++) {
            int place = a == axis ? index(indices, i, x.dims()[axis]) : i / strides[a] % dims[a];
            source += place * own[a];
          }
          return source;
        });
  }

  private static OnnxTensor gatherNd(Call call) {
    OnnxTensor x = call.input(0);
    OnnxTensor indices = call.input(1);
    int batchDims = call.integer("batch_dims", 0);
    Check.that(
        indices.rank() >= 1 && batchDims >= 0 && batchDims < Math.min(x.rank(), indices.rank()),
        "batch_dims=%d of %s and indices %s",
        batchDims,
        x,
        indices);
    int last = indices.rank() - 1;
    int depth = indices.dims()[last];
    Check.that(
        batchDims + depth <= x.rank()
            && Arrays.equals(x.dims(), 0, batchDims, indices.dims(), 0, batchDims),
        "batch_dims=%d of %s and indices %s",
        batchDims,
        x,
        indices);
    int[] rest = Arrays.copyOfRange(x.dims(), batchDims + depth, x.rank());
    int[] dims = joined(Arrays.copyOf(indices.dims(), last), rest);
    int inner = Shapes.product(rest, 0, rest.length);
    int perBatch = Shapes.product(indices.dims(), batchDims, last);
    int[] own = Shapes.strides(x.dims());
    int batchStride = batchDims == 0 ? 0 : own[batchDims - 1];
    return x.pick(
        dims,
        i -> {
          int tuple = i / inner;
          int source = tuple / perBatch * batchStride + i % inner;
          for (int d = 0; d < depth; d++) {
            int axis = batchDims + d;
            source += index(indices, tuple * depth + d, x.dims()[axis]) * own[axis];
          }
          return source;
        });
  }

  private static int[] joined(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }

  /** An index that may count from the end. */
  private static int index(OnnxTensor indices, int place, int size) {
    long index = indices.whole(place);
    Check.that(index >= -size && index < size, "index %d of %d elements", index, size);
    return (int) (index < 0 ? index + size : index);
  }
}
