package dev.lanewise.nn.op;

import dev.lanewise.kernels.activation.PRelu;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;
import java.util.List;

/** ReLU with a trained slope for the negative values of each channel (He et al. 2015). */
public final class ParametricRelu extends Operation {

  private record Problem(List<Integer> dims) {}

  private final PRelu plan;

  private ParametricRelu(PRelu plan, Context context, Tensor x, Tensor slope) {
    super(context, x, slope);
    this.plan = plan;
  }

  /**
   * Applies the function.
   *
   * @param input {@code [n, channels, ...]}
   * @param slope {@code [channels]}
   * @throws IllegalArgumentException if there is not one slope a channel
   */
  public static Tensor apply(Tensor input, Tensor slope, Context context) {
    slope.requireShape("slopes", input.dim(1));
    Tensor x = Relayout.apply(input, Layout.NCHW16C, context);
    int[] dims = x.shape();
    PRelu plan =
        context.plan(
            new Problem(Arrays.stream(dims).boxed().toList()),
            _ -> PRelu.of(dims, context.workers()));
    float[] out = context.buffer(plan.length());
    plan.run(x.data(), slope.data(), out);
    return new ParametricRelu(plan, context, x, slope).output(Layout.NCHW16C, out, dims);
  }

  @Override
  protected boolean keepsOutput() {
    return false;
  }

  @Override
  protected void backward(Tensor y) {
    float[] slopes = new float[input(1).size()];
    gradientAnyway(0, dx -> plan.backward(input(0).data(), input(1).data(), y.grad(), dx, slopes));
    gradient(1, d -> System.arraycopy(slopes, 0, d, 0, d.length));
  }
}
