package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.pool.SpatialPyramidPool;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Spatial pyramid pooling (He et al. 2014): images of any size become rows of as many features,
 * level by level {@code [channels][windows...]}.
 */
public final class PyramidPool extends Operation {

  private record Problem(List<Integer> dims, List<Integer> levels, boolean max) {}

  private final SpatialPyramidPool plan;

  private PyramidPool(SpatialPyramidPool plan, Context context, Tensor x) {
    super(context, x);
    this.plan = plan;
  }

  /**
   * Pools.
   *
   * @param input {@code [n, channels, spatial...]}
   * @param max whether a window becomes its greatest value, or else its mean
   * @param levels windows along each spatial axis, level by level, such as 1, 2, 4
   * @return {@code [n, features]}, row-major
   * @throws IllegalArgumentException if there is no level or one is out of range
   */
  public static Tensor apply(Tensor input, boolean max, Context context, int... levels) {
    int[] dims = input.shape();
    Problem problem =
        new Problem(
            Arrays.stream(dims).boxed().toList(), Arrays.stream(levels).boxed().toList(), max);
    SpatialPyramidPool plan =
        context.plan(
            problem,
            _ ->
                max
                    ? SpatialPyramidPool.max(dims, levels, context.workers())
                    : SpatialPyramidPool.average(dims, levels, context.workers()));
    Tensor x = Relayout.apply(input, Layout.NCHW16C, context);
    float[] out = context.buffer(dims[0] * plan.features());
    plan.run(x.data(), out);
    return new PyramidPool(plan, context, x).output(Layout.NCHW, out, dims[0], plan.features());
  }

  @Override
  protected boolean keepsOutput() {
    return false;
  }

  @Override
  protected void backward(Tensor y) {
    gradient(0, dx -> plan.backward(input(0).data(), y.grad(), dx));
  }
}
