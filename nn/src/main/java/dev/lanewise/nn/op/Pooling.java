package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.pool.PoolPlan;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;

/** Pooling of each channel over windows, in layout NCHW16C. */
public final class Pooling extends Operation {

  /** How a window becomes one number. */
  public enum Kind {
    /** The greatest value. */
    MAX,
    /** The mean, padding counted as zeros. */
    AVERAGE,
    /** The mean of what is not padding. */
    AVERAGE_WITHOUT_PADDING
  }

  private record Problem(PoolShape shape, Kind kind) {
    PoolPlan plan(Workers workers) {
      return switch (kind) {
        case MAX -> PoolPlan.max(shape, workers);
        case AVERAGE -> PoolPlan.average(shape, true, workers);
        case AVERAGE_WITHOUT_PADDING -> PoolPlan.average(shape, false, workers);
      };
    }
  }

  private final PoolPlan plan;

  private Pooling(PoolPlan plan, Context context, Tensor x) {
    super(context, x);
    this.plan = plan;
  }

  /**
   * Pools.
   *
   * @throws IllegalArgumentException if the input does not have {@code shape.inputDims()}
   */
  public static Tensor apply(Tensor input, PoolShape shape, Kind kind, Context context) {
    input.requireShape("pooling input", shape.inputDims());
    Tensor x = Relayout.apply(input, Layout.NCHW16C, context);
    PoolPlan plan =
        context.plan(new Problem(shape, kind), problem -> problem.plan(context.workers()));
    int[] dims = shape.outputDims();
    float[] out = context.buffer(Layout.NCHW16C.length(dims));
    plan.run(x.data(), out);
    return new Pooling(plan, context, x).output(Layout.NCHW16C, out, dims);
  }

  @Override
  protected void backward(Tensor y) {
    float[] x = input(0).data();
    gradient(0, dx -> plan.backward(x, y.data(), y.grad(), dx));
  }
}
