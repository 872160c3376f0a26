package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.transposed.TransposedAxis;
import dev.lanewise.kernels.transposed.TransposedShape;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.op.TransposedConvolution;
import java.util.Arrays;
import java.util.List;

/** Convolution and its transpose. */
final class Convolutions {

  private Convolutions() {}

  static void register(Operators operators) {
    operators.kernel("Conv", Convolutions::conv);
    operators.kernel("ConvTranspose", Convolutions::transposed);
  }

  private static Operand conv(Call call, Nodes nodes) {
    Operand.Open x = Images.open(call, 3);
    OnnxTensor filter = filter(call);
    int[] dims = x.dims();
    List<Axis> axes = Windows.of(call, dims, kernel(call, x, filter));
    int groups = call.integer("group", 1);
    int outChannels = filter.dims()[0];
    Check.that(
        (long) filter.dims()[1] * groups == dims[1],
        "a filter %s of group=%d does not fit %s",
        filter,
        groups,
        x.value());
    Windows.check(call, axes, dims[0], outChannels, filter.dims()[1]);
    ConvShape shape = new ConvShape(dims[0], dims[1], outChannels, groups, axes);
    return nodes.add(
        call,
        new Operator.Convolution(shape, call.parameter(1), bias(call, outChannels)),
        shape.outputDims(),
        x);
  }

  private static Operand transposed(Call call, Nodes nodes) {
    Operand.Open x = Images.open(call, 3);
    OnnxTensor filter = filter(call);
    int[] dims = x.dims();
    int[] kernel = kernel(call, x, filter);
    int groups = call.integer("group", 1);
    Check.that(
        filter.dims()[0] == dims[1] && groups >= 1,
        "a filter %s of group=%d does not fit %s",
        filter,
        groups,
        x.value());
    List<TransposedAxis> axes = TransposedWindows.of(call, dims, kernel);
    int outChannels = Math.multiplyExact(filter.dims()[1], groups);
    TransposedShape shape = new TransposedShape(dims[0], dims[1], outChannels, groups, axes);
    call.spendOnKernels(Images.size(dims), filter.size() / (double) dims[1]);
    Images.size(shape.outputDims());
    Tensor weight = call.parameter(1);
    Tensor bias = bias(call, outChannels);
    return nodes.some(
        call,
        x.type(),
        shape.outputDims(),
        (read, context) ->
            TransposedConvolution.apply(read.getFirst(), weight, bias, shape, context));
  }

  private static OnnxTensor filter(Call call) {
    OnnxTensor filter = call.input(1);
    Check.that(
        filter.rank() >= 3 && filter.size() > 0 && filter.isReal(),
        "%s needs a filter of at least 3 dimensions, has %s",
        call.operator(),
        filter);
    return filter;
  }

  /** The kernel's sizes, which an attribute may repeat. */
  private static int[] kernel(Call call, Operand.Open x, OnnxTensor filter) {
    int[] kernel = Arrays.copyOfRange(filter.dims(), 2, filter.rank());
    int[] stated = call.integers("kernel_shape").orElse(kernel);
    Check.that(
        Arrays.equals(stated, kernel) && filter.rank() == x.dims().length,
        "kernel_shape %s with a filter %s and input %s",
        Arrays.toString(stated),
        filter,
        x.value());
    return kernel;
  }

  private static Tensor bias(Call call, int outChannels) {
    if (call.optional(2).isEmpty()) {
      return null;
    }
    Check.that(
        call.input(2).size() == outChannels,
        "a bias %s of %d output channels",
        call.input(2),
        outChannels);
    return call.parameter(2, bias -> Tensor.of(bias.floats(), outChannels));
  }
}
