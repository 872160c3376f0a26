package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.pool.PoolIndices;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.models.onnx.tensor.ElementType;
import dev.lanewise.models.onnx.tensor.Shapes;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.op.Pooling;
import dev.lanewise.nn.op.Pooling.Kind;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Poolings over windows and over whole planes. */
final class Poolings {

  /** Whole numbers up to here are floats. */
  private static final int EXACT = 1 << 24;

  private Poolings() {}

  static void register(Operators operators) {
    operators.kernelMany("MaxPool", 1, Poolings::maxPool);
    operators.kernel("AveragePool", Poolings::averagePool);
    operators.kernel("LpPool", (call, nodes) -> windows(call, nodes, lp(call)));
    operators.kernel("GlobalMaxPool", (call, nodes) -> global(call, nodes, true));
    operators.kernel("GlobalAveragePool", (call, nodes) -> global(call, nodes, false));
    operators.kernel("GlobalLpPool", Poolings::globalLp);
  }

  private static Operand averagePool(Call call, Nodes nodes) {
    boolean counted = call.flag("count_include_pad", false);
    return windows(call, nodes, counted ? Kind.AVERAGE : Kind.AVERAGE_WITHOUT_PADDING);
  }

  private static Kind lp(Call call) {
    return new Kind.Lp(call.integer("p", 2));
  }

  private static Operand windows(Call call, Nodes nodes, Kind kind) {
    Operand.Open x = Images.open(call, 3);
    PoolShape shape = shape(call, x);
    return nodes.add(call, new Operator.Pool(shape, kind), shape.outputDims(), x);
  }

  private static PoolShape shape(Call call, Operand.Open x) {
    int[] dims = x.dims();
    List<Axis> axes = Windows.of(call, dims, Windows.kernel(call));
    Windows.check(call, axes, dims[0], dims[1], 1);
    return new PoolShape(dims[0], dims[1], axes, call.flag("ceil_mode", false));
  }

  private static Operand global(Call call, Nodes nodes, boolean max) {
    Operand.Open x = Images.open(call, 3);
    List<Integer> size = Collections.nCopies(Windows.rank(call, x.dims()), 1);
    int[] dims = PoolShape.global(x.dims()).outputDims();
    return nodes.add(call, new Operator.AdaptivePool(max, size), dims, x);
  }

  private static Operand globalLp(Call call, Nodes nodes) {
    Operand.Open x = Images.open(call, 3);
    PoolShape shape = PoolShape.global(x.dims());
    return nodes.add(call, new Operator.Pool(shape, lp(call)), shape.outputDims(), x);
  }

  private static Optional<List<Operand>> maxPool(Call call, Nodes nodes) {
    Operand maxima = windows(call, nodes, Kind.MAX);
    if (!call.wants(1)) {
      return Optional.of(List.of(maxima));
    }
    Operand.Open x = call.open();
    PoolShape shape = shape(call, x);
    Check.that(
        Shapes.product(x.dims(), 0, x.dims().length) <= EXACT,
        "the indices of %s are not exact as floats",
        x.value());
    boolean columns = call.flag("storage_order", false);
    Operand indices =
        nodes.some(
            call,
            ElementType.INT64,
            shape.outputDims(),
            (read, context) -> {
              int[] places = Pooling.maxima(read.getFirst(), shape, context).indices();
              return indices(places, shape, columns);
            });
    return Optional.of(List.of(maxima, indices));
  }

  private static Tensor indices(int[] places, PoolShape shape, boolean columns) {
    int[] dims = shape.inputDims();
    long[] flat = PoolIndices.toFlat(places, shape.outputDims(), dims);
    float[] values = new float[flat.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = columns ? columnMajor(flat[i], dims) : flat[i];
    }
    return Tensor.of(values, shape.outputDims());
  }

  /** The index of the same pixel where the first spatial dimension runs fastest. */
  private static long columnMajor(long index, int... dims) {
    int plane = Shapes.product(dims, 2, dims.length);
    long within = index % plane;
    long result = 0;
    for (int axis = dims.length - 1; axis >= 2; axis--) {
      result = result * dims[axis] + within % dims[axis];
      within /= dims[axis];
    }
    return index / plane * plane + result;
  }
}
