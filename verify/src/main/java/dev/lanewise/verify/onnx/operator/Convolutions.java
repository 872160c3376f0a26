package dev.lanewise.verify.onnx.operator;

import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.transposed.TransposedAxis;
import dev.lanewise.kernels.transposed.TransposedPlan;
import dev.lanewise.kernels.transposed.TransposedShape;
import dev.lanewise.verify.onnx.tensor.OnnxTensor;
import java.util.Arrays;
import java.util.List;

/** Convolution and its transpose. */
final class Convolutions {

  /** A zero may be wrong by 1e-7 in a node test, which the transforms of Winograd exceed. */
  private static final ConvOptions EXACT = ConvOptions.defaults().withAccuracy(Accuracy.STRICT);

  private Convolutions() {}

  static void register(Operators operators) {
    operators.add("Conv", Convolutions::conv);
    operators.add("ConvTranspose", Convolutions::transposed);
  }

  private static OnnxTensor conv(Call call) {
    OnnxTensor x = Blocked.image(call, 0, 3);
    OnnxTensor filter = Blocked.image(call, 1, 3);
    List<Axis> axes = Windows.of(call, x.dims(), kernel(call, x, filter));
    int groups = call.integer("group", 1);
    int outChannels = filter.dims()[0];
    int inChannels = x.dims()[1];
    Check.that(
        (long) filter.dims()[1] * groups == inChannels,
        "a filter %s of group=%d does not fit %s",
        filter,
        groups,
        x);
    Windows.check(call, axes, x.dims()[0], outChannels, filter.dims()[1]);
    ConvShape shape = new ConvShape(x.dims()[0], inChannels, outChannels, groups, axes);
    ConvPlan plan = ConvPlan.of(shape, EXACT);
    float[] y = Blocked.zeros(shape.outputDims());
    plan.run(Blocked.of(x), plan.pack(filter.floats(), bias(call)), y);
    return Blocked.back(x.type(), y, shape.outputDims());
  }

  private static OnnxTensor transposed(Call call) {
    OnnxTensor x = Blocked.image(call, 0, 3);
    OnnxTensor filter = Blocked.image(call, 1, 3);
    int[] kernel = kernel(call, x, filter);
    int groups = call.integer("group", 1);
    Check.that(
        filter.dims()[0] == x.dims()[1] && groups >= 1,
        "a filter %s of group=%d does not fit %s",
        filter,
        groups,
        x);
    List<TransposedAxis> axes = TransposedWindows.of(call, x.dims(), kernel);
    int outChannels = Math.multiplyExact(filter.dims()[1], groups);
    TransposedShape shape =
        new TransposedShape(x.dims()[0], x.dims()[1], outChannels, groups, axes);
    call.spend(x.size(), filter.size() / (double) x.dims()[1]);
    float[] y = Blocked.zeros(shape.outputDims());
    TransposedPlan plan = TransposedPlan.of(shape, EXACT);
    plan.run(Blocked.of(x), plan.pack(filter.floats(), bias(call)), y);
    return Blocked.back(x.type(), y, shape.outputDims());
  }

  /** The kernel's sizes, which an attribute may repeat. */
  private static int[] kernel(Call call, OnnxTensor x, OnnxTensor filter) {
    int[] kernel = Arrays.copyOfRange(filter.dims(), 2, filter.rank());
    int[] stated = call.integers("kernel_shape").orElse(kernel);
    Check.that(
        Arrays.equals(stated, kernel) && filter.rank() == x.rank(),
        "kernel_shape %s with a filter %s and input %s",
        Arrays.toString(stated),
        filter,
        x);
    return kernel;
  }

  private static float[] bias(Call call) {
    return call.optional(2).map(OnnxTensor::floats).orElse(null);
  }
}
