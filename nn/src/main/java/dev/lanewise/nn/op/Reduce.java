package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;

/**
 * Sum, mean and maximum over some of the axes of a row-major tensor. Sums are in double precision;
 * of equal maxima the first one takes the gradient.
 */
public final class Reduce extends Operation {

  private enum Kind {
    SUM,
    MEAN,
    MAX
  }

  private final Kind kind;
  private final Broadcast broadcast;
  private final int each;

  private Reduce(Kind kind, Broadcast broadcast, int each, Context context, Tensor x) {
    super(context, x);
    this.kind = kind;
    this.broadcast = broadcast;
    this.each = each;
  }

  /**
   * The sum over axes, which are left out of the result.
   *
   * @param axes which, or none for all
   * @throws IllegalArgumentException if an axis is none of the input's, or stands twice
   */
  public static Tensor sum(Tensor x, Context context, int... axes) {
    return apply(Kind.SUM, x, context, axes);
  }

  /** The mean over axes; see {@link #sum}. */
  public static Tensor mean(Tensor x, Context context, int... axes) {
    return apply(Kind.MEAN, x, context, axes);
  }

  /** The greatest value over axes, NaN if there is one; see {@link #sum}. */
  public static Tensor max(Tensor x, Context context, int... axes) {
    return apply(Kind.MAX, x, context, axes);
  }

  private static Tensor apply(Kind kind, Tensor input, Context context, int... axes) {
    Tensor x = Relayout.apply(input, Layout.NCHW, context);
    int[] shape = x.shape();
    int[] kept = shape.clone();
    int[] result = shape.clone();
    if (axes.length == 0) {
      Arrays.fill(kept, 1);
      result = new int[0];
    }
    for (int axis : axes) {
      Check.that(
          axis >= 0 && axis < shape.length && result[axis] > 0,
          "axes %s are not different ones of shape %s",
          Arrays.toString(axes),
          Tensor.text(shape));
      kept[axis] = 1;
      result[axis] = 0;
    }
    result = Arrays.stream(result).filter(dim -> dim > 0).toArray();
    Broadcast broadcast = Broadcast.of(shape, kept);
    int length = Spans.product(kept, 0, kept.length);
    Reduce reduce = new Reduce(kind, broadcast, broadcast.length() / length, context, x);
    float[] out = context.buffer(length);
    reduce.forward(x.data(), out);
    return reduce.output(Layout.NCHW, out, result);
  }

  private void forward(float[] x, float[] out) {
    if (kind == Kind.MAX) {
      Arrays.fill(out, Float.NEGATIVE_INFINITY);
      broadcast.each((i, from, to) -> out[to] = Math.max(out[to], x[from]));
      return;
    }
    double[] sums = new double[out.length];
    broadcast.each((i, from, to) -> sums[to] += x[from]);
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) (kind == Kind.MEAN ? sums[i] / each : sums[i]);
    }
  }

  @Override
  protected boolean keepsInput(int index) {
    return kind == Kind.MAX;
  }

  @Override
  protected boolean keepsOutput() {
    return kind == Kind.MAX;
  }

  @Override
  protected void backward(Tensor y) {
    float[] dy = y.grad();
    gradient(
        0,
        dx -> {
          if (kind == Kind.MAX) {
            select(input(0).data(), y.data(), dy, dx);
          } else {
            float share = kind == Kind.MEAN ? 1f / each : 1;
            broadcast.each((i, at, from) -> dx[at] = dy[from] * share);
          }
        });
  }

  private void select(float[] x, float[] y, float[] dy, float[] dx) {
    boolean[] taken = new boolean[y.length];
    broadcast.each(
        (i, at, from) -> {
          boolean first = x[at] == y[from] && !taken[from];
          taken[from] |= first;
          dx[at] = first ? dy[from] : 0;
        });
  }
}
