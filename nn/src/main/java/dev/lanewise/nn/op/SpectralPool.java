package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.pool.SpectralPooling;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;
import java.util.List;

/** Spectral pooling (Rippel, Snoek and Adams 2015): the lowest frequencies of each channel. */
public final class SpectralPool extends Operation {

  private record Problem(List<Integer> dims, List<Integer> size) {}

  private final SpectralPooling plan;

  private SpectralPool(SpectralPooling plan, Context context, Tensor x) {
    super(context, x);
    this.plan = plan;
  }

  /**
   * Pools to a size.
   *
   * @param input {@code [n, channels, spatial...]}
   * @param size one number a spatial axis, at most the input's
   * @throws IllegalArgumentException if there are not 1 to 3 spatial axes with a size each, or a
   *     size is below 1 or above the input's
   */
  public static Tensor apply(Tensor input, Context context, int... size) {
    int[] dims = input.shape();
    SpectralPooling plan =
        context.plan(
            new Problem(boxed(dims), boxed(size)),
            _ -> SpectralPooling.of(dims, size, context.workers()));
    Tensor x = Relayout.apply(input, Layout.NCHW16C, context);
    int[] pooled = plan.outputDims();
    float[] out = context.buffer(Layout.NCHW16C.length(pooled));
    plan.run(x.data(), out);
    return new SpectralPool(plan, context, x).output(Layout.NCHW16C, out, pooled);
  }

  private static List<Integer> boxed(int... values) {
    return Arrays.stream(values).boxed().toList();
  }

  @Override
  protected boolean keepsInput(int index) {
    return false;
  }

  @Override
  protected boolean keepsOutput() {
    return false;
  }

  @Override
  protected void backward(Tensor y) {
    gradient(0, dx -> plan.backward(y.grad(), dx));
  }
}
