package dev.lanewise.verify.onnx.operator;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.pool.MaxUnpool;
import dev.lanewise.kernels.pool.PoolIndices;
import dev.lanewise.kernels.pool.PoolPlan;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.verify.onnx.tensor.ElementType;
import dev.lanewise.verify.onnx.tensor.OnnxTensor;
import dev.lanewise.verify.onnx.tensor.Shapes;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;

/** Poolings over windows and over whole planes, and the opposite. */
final class Poolings {

  private Poolings() {}

  static void register(Operators operators) {
    operators.addMany("MaxPool", Poolings::maxPool);
    operators.add("AveragePool", Poolings::averagePool);
    operators.add("LpPool", call -> windows(call, shape -> lp(call, shape)));
    operators.add("GlobalMaxPool", call -> global(call, PoolPlan::max));
    operators.add(
        "GlobalAveragePool", call -> global(call, shape -> PoolPlan.average(shape, false)));
    operators.add("GlobalLpPool", call -> global(call, shape -> lp(call, shape)));
    operators.add("MaxUnpool", Poolings::maxUnpool);
  }

  private static OnnxTensor averagePool(Call call) {
    boolean counted = call.flag("count_include_pad", false);
    return windows(call, shape -> PoolPlan.average(shape, counted));
  }

  private static PoolPlan lp(Call call, PoolShape shape) {
    return PoolPlan.lp(shape, call.integer("p", 2), Workers.shared());
  }

  private static OnnxTensor windows(Call call, Function<PoolShape, PoolPlan> kind) {
    OnnxTensor x = Blocked.image(call, 0, 3);
    return run(kind.apply(shape(call, x)), x);
  }

  private static OnnxTensor global(Call call, Function<PoolShape, PoolPlan> kind) {
    OnnxTensor x = Blocked.image(call, 0, 3);
    return run(kind.apply(PoolShape.global(x.dims())), x);
  }

  private static PoolShape shape(Call call, OnnxTensor x) {
    List<Axis> axes = Windows.of(call, x.dims(), kernel(call));
    Windows.check(call, axes, x.dims()[0], x.dims()[1], 1);
    return new PoolShape(x.dims()[0], x.dims()[1], axes, call.flag("ceil_mode", false));
  }

  private static int[] kernel(Call call) {
    return call.integers("kernel_shape")
        .orElseThrow(() -> new IllegalArgumentException(call.operator() + " lacks kernel_shape"));
  }

  private static OnnxTensor run(PoolPlan plan, OnnxTensor x) {
    float[] y = Blocked.zeros(plan.outputDims());
    plan.run(Blocked.of(x), y);
    return Blocked.back(x.type(), y, plan.outputDims());
  }

  private static List<OnnxTensor> maxPool(Call call) {
    OnnxTensor x = Blocked.image(call, 0, 3);
    PoolPlan plan = PoolPlan.max(shape(call, x), Workers.shared());
    if (!call.wants(1)) {
      return List.of(run(plan, x));
    }
    int[] dims = plan.outputDims();
    float[] y = Blocked.zeros(dims);
    int[] places = new int[y.length];
    plan.runWithIndices(Blocked.of(x), y, places);
    LongStream flat = LongStream.of(PoolIndices.toFlat(places, dims, x.dims()));
    if (call.flag("storage_order", false)) {
      flat = flat.map(index -> columnMajor(index, x.dims()));
    }
    return List.of(
        Blocked.back(x.type(), y, dims),
        OnnxTensor.ofWholes(ElementType.INT64, flat.toArray(), dims));
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

  /** The indices count in the output that follows from the attributes, whatever is asked for. */
  private static OnnxTensor maxUnpool(Call call) {
    OnnxTensor x = Blocked.image(call, 0, 3);
    OnnxTensor indices = call.input(1);
    Check.that(
        Arrays.equals(indices.dims(), x.dims()) && !indices.isReal(),
        "indices %s of maxima %s",
        indices,
        x);
    int[] dims = unpooledDims(call, x);
    float[] y = Blocked.zeros(dims);
    int[] places = PoolIndices.fromFlat(indices.wholes(), x.dims(), dims);
    int[] size = Arrays.copyOfRange(dims, 2, dims.length);
    MaxUnpool.of(x.dims(), size, Workers.shared()).run(Blocked.of(x), places, y);
    OnnxTensor unpooled = Blocked.back(x.type(), y, dims);
    return call.optional(2)
        .map(asked -> Paddings.resized(unpooled, asked.ints("output_shape")))
        .orElse(unpooled);
  }

  private static int[] unpooledDims(Call call, OnnxTensor x) {
    int[] kernel = kernel(call);
    int rank = x.rank() - 2;
    Check.that(kernel.length == rank, "kernel_shape of %d sizes for %s", kernel.length, x);
    int[] strides = Windows.values(call, "strides", rank, 1);
    int[] pads = Windows.values(call, "pads", 2 * rank, 0);
    int[] dims = x.dims().clone();
    for (int i = 0; i < rank; i++) {
      long size = (dims[2 + i] - 1L) * strides[i] + kernel[i] - pads[i] - pads[i + rank];
      dims[2 + i] = Check.positive("unpooled size", Shapes.toInt("unpooled size", size));
    }
    return dims;
  }
}
