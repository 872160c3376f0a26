package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.norm.LocalResponseNorm;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;
import java.util.List;

/** Local response normalisation over neighbouring channels (Krizhevsky et al. 2012), in NCHW16C. */
public final class LocalResponse extends Operation {

  /**
   * The numbers of {@code y = x / (k + alpha / size * sum of x^2 over the window)^beta}.
   *
   * @param size channels of the window
   * @param alpha weight of the mean square
   * @param beta the power
   * @param k what is added to the mean square
   */
  public record Window(int size, float alpha, float beta, float k) {}

  private record Problem(List<Integer> dims, Window window) {}

  private final LocalResponseNorm plan;

  private LocalResponse(LocalResponseNorm plan, Context context, Tensor x) {
    super(context, x);
    this.plan = plan;
  }

  /**
   * Normalises.
   *
   * @param input {@code [n, channels, ...]}
   * @throws IllegalArgumentException if a number of the window is out of range
   */
  public static Tensor apply(Tensor input, Window window, Context context) {
    Tensor x = Relayout.apply(input, Layout.NCHW16C, context);
    int[] dims = x.shape();
    LocalResponseNorm plan =
        context.plan(
            new Problem(Arrays.stream(dims).boxed().toList(), window),
            _ ->
                LocalResponseNorm.of(
                    dims, window.size, window.alpha, window.beta, window.k, context.workers()));
    float[] out = context.buffer(plan.length());
    plan.run(x.data(), out);
    return new LocalResponse(plan, context, x).output(Layout.NCHW16C, out, dims);
  }

  @Override
  protected boolean keepsOutput() {
    return false;
  }

  @Override
  protected void backward(Tensor y) {
    plan.backward(input(0).data(), y.grad(), y.grad());
    pass(0, y);
  }
}
