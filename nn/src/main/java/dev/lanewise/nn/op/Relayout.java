package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;

/** The same elements in another layout. */
public final class Relayout extends Operation {

  private Relayout(Context context, Tensor x) {
    super(context, x);
  }

  /** The tensor itself if it has the layout already, or a copy. */
  public static Tensor apply(Tensor x, Layout layout, Context context) {
    if (x.layout() == layout) {
      return x;
    }
    int[] dims = x.shape();
    float[] out = context.buffer(layout.length(dims));
    Reorder.run(dims, x.layout(), x.data(), layout, out, context.workers());
    return new Relayout(context, x).output(layout, out, dims);
  }

  @Override
  protected void backward(Tensor y) {
    Layout layout = input(0).layout();
    gradient(
        0, dx -> Reorder.run(y.shape(), y.layout(), y.grad(), layout, dx, context().workers()));
  }
}
