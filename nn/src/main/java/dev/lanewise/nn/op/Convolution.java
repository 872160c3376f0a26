package dev.lanewise.nn.op;

import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;

/** A convolution with a bias, in layout NCHW16C. */
public final class Convolution extends Operation {

  private record Backward(ConvShape shape) {}

  private final ConvShape shape;

  private Convolution(ConvShape shape, Context context, Tensor x, Tensor weight, Tensor bias) {
    super(context, x, weight, bias);
    this.shape = shape;
  }

  /**
   * Convolves.
   *
   * @param weight {@code shape.filterDims()}, row-major
   * @param bias {@code [outChannels]}
   * @throws IllegalArgumentException if the input does not have {@code shape.inputDims()}, or the
   *     weight or bias another length
   */
  public static Tensor apply(
      Tensor input, Tensor weight, Tensor bias, ConvShape shape, Context context) {
    input.requireShape("convolution input", shape.inputDims());
    boolean unfold = Unfold.pays(input, shape);
    Tensor x = unfold ? input : Relayout.apply(input, Layout.NCHW16C, context);
    Tensor windows = unfold ? Unfold.apply(input, shape, context) : x;
    ConvPlan plan =
        context.plan(
            unfold ? Unfold.pointwise(shape) : shape,
            s -> ConvPlan.of(s, ConvOptions.defaults().withWorkers(context.workers())));
    float[] out = context.buffer(plan.outputLength());
    plan.run(windows.data(), plan.pack(weight.data(), bias.data()), out);
    return new Convolution(shape, context, x, weight, bias)
        .output(Layout.NCHW16C, out, shape.outputDims());
  }

  @Override
  protected void backward(Tensor y) {
    float[] x = Relayout.apply(input(0), Layout.NCHW16C, context()).data();
    float[] weight = input(1).data();
    float[] dy = y.grad();
    ConvGradient plan =
        context()
            .plan(
                new Backward(shape),
                problem ->
                    ConvGradient.of(
                        problem.shape, ConvOptions.defaults().withWorkers(context().workers())));
    gradient(0, dx -> plan.data(weight, dy, dx));
    gradient(1, dw -> plan.filter(x, dy, dw));
    gradient(2, db -> plan.bias(dy, db));
  }
}
