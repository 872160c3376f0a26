package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;

/** Neighbouring indices of one axis: channels in the input's layout, other axes row-major. */
public final class Slice extends Operation {

  private final int axis;
  private final int from;

  private Slice(int axis, int from, Context context, Tensor x) {
    super(context, x);
    this.axis = axis;
    this.from = from;
  }

  /**
   * Copies a slice.
   *
   * @param from first index
   * @param to one past the last
   * @throws IllegalArgumentException if there is no such axis or the range is empty or leaves it
   */
  public static Tensor apply(Tensor input, int axis, int from, int to, Context context) {
    Check.that(
        axis >= 0 && axis < input.rank() && from >= 0 && from < to && to <= input.dim(axis),
        "indices %d to %d of axis %d do not lie in shape %s",
        from,
        to - 1,
        axis,
        Tensor.text(input.shape()));
    Tensor x = axis == 1 ? input : Relayout.apply(input, Layout.NCHW, context);
    int[] dims = x.shape();
    dims[axis] = to - from;
    float[] out = context.buffer(Tensor.length(x.layout(), dims));
    Spans.copy(context.workers(), x.layout(), axis, x.data(), x.shape(), from, out, dims, 0);
    return new Slice(axis, from, context, x).output(x.layout(), out, dims);
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
    int[] dims = input(0).shape();
    gradient(
        0,
        dx -> {
          Arrays.fill(dx, 0);
          Spans.copy(context().workers(), y.layout(), axis, y.grad(), y.shape(), 0, dx, dims, from);
        });
  }
}
