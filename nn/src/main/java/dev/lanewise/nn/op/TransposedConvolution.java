package dev.lanewise.nn.op;

import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.transposed.TransposedAxis;
import dev.lanewise.kernels.transposed.TransposedPlan;
import dev.lanewise.kernels.transposed.TransposedShape;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;

/**
 * A transposed convolution: the gradient by data of a convolution, used forwards. Its own gradient
 * by data is therefore that convolution. In layout NCHW16C.
 */
public final class TransposedConvolution extends Operation {

  private record BackwardKey(TransposedShape shape) {}

  /** The three gradients: by data a convolution, by filter that convolution's, by bias sums. */
  private record Backward(ConvPlan data, ConvGradient filter, ConvGradient bias) {
    static Backward of(TransposedShape shape, ConvOptions options) {
      ConvShape forward = shape.forward();
      ConvShape sums =
          new ConvShape(
              shape.batch(),
              1,
              shape.outChannels(),
              1,
              shape.axes().stream().map(TransposedAxis::output).map(n -> Axis.of(n, 1)).toList());
      return new Backward(
          ConvPlan.of(forward, options),
          ConvGradient.of(forward, options),
          ConvGradient.of(sums, options));
    }
  }

  private final TransposedShape shape;

  private TransposedConvolution(
      TransposedShape shape, Context context, Tensor x, Tensor weight, Tensor bias) {
    super(context, x, weight, bias);
    this.shape = shape;
  }

  /**
   * Convolves, transposed.
   *
   * @param input {@code shape.inputDims()}
   * @param weight {@code shape.filterDims()}: {@code [inChannels, outChannels / groups, ...]}
   * @param bias {@code [outChannels]}, or null for none
   * @return {@code shape.outputDims()}
   * @throws IllegalArgumentException if a shape does not fit
   */
  public static Tensor apply(
      Tensor input, Tensor weight, Tensor bias, TransposedShape shape, Context context) {
    input.requireShape("transposed convolution input", shape.inputDims());
    Tensor x = Relayout.apply(input, Layout.NCHW16C, context);
    TransposedPlan plan =
        context.plan(shape, problem -> TransposedPlan.of(problem, context.convOptions()));
    float[] out = context.buffer(plan.outputLength());
    float[] biases = bias == null ? null : bias.data();
    plan.run(x.data(), weight.data(), biases, context.filterMemory(), out);
    return new TransposedConvolution(shape, context, x, weight, bias)
        .output(Layout.NCHW16C, out, shape.outputDims());
  }

  @Override
  protected boolean keepsInput(int index) {
    return index < 2 && needs(1 - index);
  }

  @Override
  protected boolean keepsOutput() {
    return false;
  }

  @Override
  protected void backward(Tensor y) {
    float[] dy = y.grad();
    Backward plans =
        context()
            .plan(
                new BackwardKey(shape),
                problem -> Backward.of(problem.shape, context().convOptions()));
    gradient(0, dx -> plans.data.run(dy, input(1).data(), null, context().filterMemory(), dx));
    gradient(1, dw -> plans.filter.filter(dy, input(0).data(), dw));
    gradient(2, db -> plans.bias.bias(dy, db));
  }
}
