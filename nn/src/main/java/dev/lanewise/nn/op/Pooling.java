package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.pool.PoolPlan;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;
import java.util.List;

/** Pooling of each channel over windows, in layout NCHW16C. */
public final class Pooling extends Operation {

  /** How a window becomes one number. */
  public sealed interface Kind {
    /** The greatest value. */
    Kind MAX = new Max();

    /** The least value. */
    Kind MIN = new Min();

    /** The mean, padding counted as zeros. */
    Kind AVERAGE = new Average(true);

    /** The mean of what is not padding. */
    Kind AVERAGE_WITHOUT_PADDING = new Average(false);

    /** The greatest value; padding never wins. */
    record Max() implements Kind {}

    /** The least value; padding never wins. */
    record Min() implements Kind {}

    /**
     * The mean.
     *
     * @param countIncludePad whether padding counts, as zeros
     */
    record Average(boolean countIncludePad) implements Kind {}

    /**
     * The p-norm, {@code (sum of |x|^p)^(1/p)}.
     *
     * @param p from 1 to 64
     */
    record Lp(int p) implements Kind {}

    /**
     * A share of the maximum and the rest of the mean (Lee et al. 2016).
     *
     * @param share of the maximum, from 0 to 1
     * @param countIncludePad whether padding counts in the mean, as zeros
     */
    record Mixed(float share, boolean countIncludePad) implements Kind {}
  }

  private record Problem(PoolShape shape, Kind kind) {}

  private record Adaptive(List<Integer> input, List<Integer> output, boolean max) {}

  private final PoolPlan plan;
  private final boolean linear;

  /** The plan of a pooling. */
  public static PoolPlan plan(PoolShape shape, Kind kind, Workers workers) {
    return switch (kind) {
      case Kind.Max() -> PoolPlan.max(shape, workers);
      case Kind.Min() -> PoolPlan.min(shape, workers);
      case Kind.Average(boolean counted) -> PoolPlan.average(shape, counted, workers);
      case Kind.Lp(int p) -> PoolPlan.lp(shape, p, workers);
      case Kind.Mixed(float share, boolean counted) ->
          PoolPlan.mixed(shape, counted, new float[] {share}, workers);
    };
  }

  private Pooling(PoolPlan plan, boolean linear, Context context, Tensor x) {
    super(context, x);
    this.plan = plan;
    this.linear = linear;
  }

  /**
   * Pools.
   *
   * @throws IllegalArgumentException if the input does not have {@code shape.inputDims()}
   */
  public static Tensor apply(Tensor input, PoolShape shape, Kind kind, Context context) {
    input.requireShape("pooling input", shape.inputDims());
    PoolPlan plan =
        context.plan(new Problem(shape, kind), _ -> plan(shape, kind, context.workers()));
    return run(plan, kind instanceof Kind.Average, input, context);
  }

  /**
   * Maxima and where they were found.
   *
   * @param values the maxima
   * @param indices for {@link Unpooling#apply}, one a value
   */
  @SuppressWarnings("ArrayRecordComponent") // what one call hands to another; never compared
  public record Maxima(Tensor values, int[] indices) {}

  /** Takes maxima and tells where they were found; throws as {@link #apply}. */
  public static Maxima maxima(Tensor input, PoolShape shape, Context context) {
    input.requireShape("pooling input", shape.inputDims());
    PoolPlan plan =
        context.plan(new Problem(shape, Kind.MAX), _ -> plan(shape, Kind.MAX, context.workers()));
    Tensor x = Relayout.apply(input, Layout.NCHW16C, context);
    float[] out = context.buffer(plan.outputLength());
    int[] indices = new int[plan.outputLength()];
    plan.runWithIndices(x.data(), out, indices);
    Tensor values =
        new Pooling(plan, false, context, x).output(Layout.NCHW16C, out, plan.outputDims());
    return new Maxima(values, indices);
  }

  /**
   * The mean of each of so many windows of nearly equal size, one or two or three axes of them.
   *
   * @throws IllegalArgumentException if a size is below 1 or there is not one a spatial axis
   */
  public static Tensor adaptiveAverage(Tensor input, Context context, int... outputSize) {
    return adaptive(input, false, context, outputSize);
  }

  /** The greatest value of each of so many windows, those of {@link #adaptiveAverage}. */
  public static Tensor adaptiveMax(Tensor input, Context context, int... outputSize) {
    return adaptive(input, true, context, outputSize);
  }

  private static Tensor adaptive(Tensor input, boolean max, Context context, int... outputSize) {
    int[] dims = input.shape();
    PoolPlan plan =
        context.plan(
            new Adaptive(boxed(dims), boxed(outputSize), max),
            _ ->
                max
                    ? PoolPlan.adaptiveMax(dims, outputSize, context.workers())
                    : PoolPlan.adaptiveAverage(dims, outputSize, context.workers()));
    return run(plan, !max, input, context);
  }

  private static List<Integer> boxed(int... values) {
    return Arrays.stream(values).boxed().toList();
  }

  private static Tensor run(PoolPlan plan, boolean linear, Tensor input, Context context) {
    Tensor x = Relayout.apply(input, Layout.NCHW16C, context);
    float[] out = context.buffer(plan.outputLength());
    plan.run(x.data(), out);
    return new Pooling(plan, linear, context, x).output(Layout.NCHW16C, out, plan.outputDims());
  }

  @Override
  protected boolean keepsInput(int index) {
    return !linear;
  }

  @Override
  protected boolean keepsOutput() {
    return !linear;
  }

  @Override
  protected void backward(Tensor y) {
    float[] dy = y.grad();
    gradient(
        0,
        dx -> {
          if (linear) {
            plan.backward(null, null, dy, dx);
          } else {
            plan.backward(input(0).data(), y.data(), dy, dx);
          }
        });
  }
}
