package dev.lanewise.nn.op;

import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;

/**
 * A convolution of any {@link ConvShape}: one to three dimensions, groups, strides, dilations and
 * padding modes; with or without a bias. In layout NCHW16C.
 */
public final class Convolution extends Operation {

  private record Backward(ConvShape shape) {}

  private final ConvShape shape;

  private Convolution(ConvShape shape, Context context, Tensor x, Tensor weight, Tensor bias) {
    super(context, x, weight, bias);
    this.shape = shape;
  }

  /** Convolves without a bias. */
  public static Tensor apply(Tensor input, Tensor weight, ConvShape shape, Context context) {
    return apply(input, weight, null, shape, context);
  }

  /**
   * Convolves.
   *
   * @param input {@code shape.inputDims()}
   * @param weight {@code shape.filterDims()}, row-major
   * @param bias {@code [outChannels]}, or null for none
   * @return {@code shape.outputDims()}
   * @throws IllegalArgumentException if the input does not have {@code shape.inputDims()}, or the
   *     weight or bias another length
   */
  public static Tensor apply(
      Tensor input, Tensor weight, Tensor bias, ConvShape shape, Context context) {
    input.requireShape("convolution input", shape.inputDims());
    boolean unfold = Unfold.pays(input, shape);
    Tensor x = unfold ? input : Relayout.apply(input, Layout.NCHW16C, context);
    float[] out;
    if (unfold) {
      Tensor windows = Unfold.apply(input, shape, context);
      out = run(windows.data(), weight, bias, Unfold.pointwise(shape), context);
      context.release(windows.data());
    } else if (SideBySide.pays(shape, context)) {
      float[] joined = SideBySide.inputs(shape).join(x.data(), context);
      float[] sums = run(joined, weight, bias, SideBySide.shape(shape), context);
      out = context.buffer(sums.length);
      SideBySide.outputs(shape).split(sums, out, context);
      context.release(joined);
      context.release(sums);
    } else {
      out = run(x.data(), weight, bias, shape, context);
    }
    return new Convolution(shape, context, x, weight, bias)
        .output(Layout.NCHW16C, out, shape.outputDims());
  }

  /** Convolves values of layout NCHW16C; the result is a buffer of the context. */
  private static float[] run(
      float[] x, Tensor weight, Tensor bias, ConvShape shape, Context context) {
    float[] biases = bias == null ? null : bias.data();
    if (ShortChains.wantedForward(shape, context)) {
      return ShortChains.forward(shape, x, weight.data(), biases, context);
    }
    ConvPlan plan = context.plan(shape, problem -> ConvPlan.of(problem, context.convOptions()));
    float[] out = context.buffer(plan.outputLength());
    plan.run(x, weight.data(), biases, context.filterMemory(), out);
    return out;
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
    if (SideBySide.pays(shape, context())) {
      backwardSideBySide(y);
      return;
    }
    float[] dy = y.grad();
    ConvGradient plan = gradients(shape);
    gradient(
        0,
        dx -> {
          if (ShortChains.wanted(shape, context())) {
            ShortChains.run(shape, input(1).data(), dy, dx, context());
          } else if (WholeImage.seenBy(shape)) {
            WholeImage.dataGradient(shape, input(1).data(), dy, dx, context());
          } else {
            plan.data(input(1).data(), context().filterMemory(), dy, dx);
          }
        });
    gradient(
        1, dw -> Relayout.read(input(0), Layout.NCHW16C, context(), x -> plan.filter(x, dy, dw)));
    gradient(2, db -> plan.bias(dy, db));
  }

  private void backwardSideBySide(Tensor y) {
    SideBySide inputs = SideBySide.inputs(shape);
    ConvGradient plan = gradients(SideBySide.shape(shape));
    float[] dy = SideBySide.outputs(shape).join(y.grad(), context());
    gradient(
        0,
        dx -> {
          float[] joined = context().buffer(dx.length);
          plan.data(input(1).data(), context().filterMemory(), dy, joined);
          inputs.split(joined, dx, context());
          context().release(joined);
        });
    gradient(
        1,
        dw -> {
          float[] joined = inputs.join(input(0).data(), context());
          plan.filter(joined, dy, dw);
          context().release(joined);
        });
    gradient(2, db -> plan.bias(dy, db));
    context().release(dy);
  }

  private ConvGradient gradients(ConvShape problem) {
    return context()
        .plan(new Backward(problem), key -> ConvGradient.of(key.shape, context().convOptions()));
  }
}
