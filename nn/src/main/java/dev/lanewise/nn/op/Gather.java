package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;

/** Chosen indices of one axis of a row-major tensor, in any order and as often as wanted. */
public final class Gather extends Operation {

  private final int axis;
  private final int[] indices;

  private Gather(int axis, int[] indices, Context context, Tensor x) {
    super(context, x);
    this.axis = axis;
    this.indices = indices;
  }

  /**
   * Copies the chosen ones.
   *
   * @throws IllegalArgumentException if there is no such axis, nothing is chosen, or an index lies
   *     outside the axis
   */
  public static Tensor apply(Tensor input, int axis, int[] indices, Context context) {
    Check.that(
        axis >= 0 && axis < input.rank() && indices.length > 0,
        "gathering %d indices of axis %d needs such an axis and at least one index, shape is %s",
        indices.length,
        axis,
        Tensor.text(input.shape()));
    for (int index : indices) {
      Check.that(
          index >= 0 && index < input.dim(axis),
          "index %d does not lie in axis %d of shape %s",
          index,
          axis,
          Tensor.text(input.shape()));
    }
    Tensor x = Relayout.apply(input, Layout.NCHW, context);
    int[] dims = x.shape();
    dims[axis] = indices.length;
    float[] in = x.data();
    float[] out = context.buffer(Tensor.length(Layout.NCHW, dims));
    Gather gather = new Gather(axis, indices.clone(), context, x);
    gather.each((from, to, length) -> System.arraycopy(in, from, out, to, length));
    return gather.output(Layout.NCHW, out, dims);
  }

  private interface Run {
    void visit(int input, int result, int length);
  }

  /** Visits the runs of elements that lie together, in the order of the result. */
  private void each(Run run) {
    int[] dims = input(0).shape();
    int inner = Spans.product(dims, axis + 1, dims.length);
    int outer = Spans.product(dims, 0, axis);
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < indices.length; i++) {
        run.visit((o * dims[axis] + indices[i]) * inner, (o * indices.length + i) * inner, inner);
      }
    }
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
    float[] dy = y.grad();
    gradient(
        0,
        dx -> {
          Arrays.fill(dx, 0);
          each(
              (to, from, length) -> {
                for (int i = 0; i < length; i++) {
                  dx[to + i] += dy[from + i];
                }
              });
        });
  }
}
