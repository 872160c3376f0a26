package dev.lanewise.verify.onnx.operator;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.pool.PoolPlan;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.verify.onnx.tensor.OnnxTensor;
import dev.lanewise.verify.onnx.tensor.Unsupported;
import java.util.List;
import java.util.function.Function;

/** Poolings over windows and over whole planes. */
final class Poolings {

  private Poolings() {}

  static void register(Operators operators) {
    operators.addMany("MaxPool", Poolings::maxPool);
    operators.add("AveragePool", Poolings::averagePool);
    operators.add("GlobalMaxPool", call -> global(call, PoolPlan::max));
    operators.add(
        "GlobalAveragePool", call -> global(call, shape -> PoolPlan.average(shape, false)));
  }

  private static List<OnnxTensor> maxPool(Call call) {
    OnnxTensor x = Blocked.image(call, 0, 3);
    PoolPlan plan = PoolPlan.max(shape(call, x), Workers.shared());
    if (call.wants(1)) {
      throw new Unsupported("MaxPool with indices");
    }
    return List.of(run(plan, x));
  }

  private static OnnxTensor averagePool(Call call) {
    OnnxTensor x = Blocked.image(call, 0, 3);
    return run(PoolPlan.average(shape(call, x), call.flag("count_include_pad", false)), x);
  }

  private static OnnxTensor global(Call call, Function<PoolShape, PoolPlan> kind) {
    OnnxTensor x = Blocked.image(call, 0, 3);
    return run(kind.apply(PoolShape.global(x.dims())), x);
  }

  private static PoolShape shape(Call call, OnnxTensor x) {
    int[] kernel =
        call.integers("kernel_shape")
            .orElseThrow(
                () -> new IllegalArgumentException(call.operator() + " lacks kernel_shape"));
    List<Axis> axes = Windows.of(call, x.dims(), kernel);
    Windows.check(call, axes, x.dims()[0], x.dims()[1], 1);
    return new PoolShape(x.dims()[0], x.dims()[1], axes, call.flag("ceil_mode", false));
  }

  private static OnnxTensor run(PoolPlan plan, OnnxTensor x) {
    int[] dims = plan.outputDims();
    float[] y = Blocked.zeros(dims);
    plan.run(Blocked.of(x), y);
    return Blocked.back(x.type(), y, dims);
  }
}
