package dev.lanewise.models.onnx.operator;

import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Shapes;
import dev.lanewise.models.onnx.tensor.Steps;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A tensor turned so that some axes come last, as rows: what reductions and sorting work on.
 *
 * @param tensor the kept axes, then the others, which make the rows
 * @param keptDims dimensions of the kept axes
 * @param unitDims dimensions in the old order with 1 for each axis of the rows
 * @param count number of rows
 * @param length elements of a row
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
record Rows(OnnxTensor tensor, int[] keptDims, int[] unitDims, int count, int length) {

  /** Rows along the given axes, which are counted from the front. */
  static Rows along(OnnxTensor tensor, int... axes) {
    int[] dims = tensor.dims();
    int[] kept =
        IntStream.range(0, dims.length)
            .filter(axis -> Arrays.stream(axes).noneMatch(other -> other == axis))
            .toArray();
    int[] order = IntStream.concat(Arrays.stream(kept), Arrays.stream(axes)).toArray();
    OnnxTensor turned = permuted(tensor, order);
    int[] unitDims = dims.clone();
    Arrays.stream(axes).forEach(axis -> unitDims[axis] = 1);
    int[] keptDims = Arrays.stream(kept).map(axis -> dims[axis]).toArray();
    int count = Shapes.product(turned.dims(), 0, kept.length);
    int length = Shapes.product(turned.dims(), kept.length, dims.length);
    return new Rows(turned, keptDims, unitDims, count, length);
  }

  /** Dimensions of one result a row. */
  int[] resultDims(boolean keepDims) {
    return keepDims ? unitDims : keptDims;
  }

  /** A tensor with its axes in another order. */
  static OnnxTensor permuted(OnnxTensor tensor, int... order) {
    int[] strides = Shapes.strides(tensor.dims());
    int[] dims = Arrays.stream(order).map(axis -> tensor.dims()[axis]).toArray();
    int[] steps = Arrays.stream(order).map(axis -> strides[axis]).toArray();
    return tensor.pick(dims, new Steps(dims, steps, 0));
  }

  /** The last axis back where {@link #along} took it from. */
  static OnnxTensor restored(int axis, OnnxTensor turned) {
    int last = turned.rank() - 1;
    int[] order = new int[turned.rank()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i == axis ? last : i < axis ? i : i - 1;
    }
    return permuted(turned, order);
  }
}
