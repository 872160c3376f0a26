package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;
import java.util.function.Consumer;

/** The same elements in another layout. */
public final class Relayout extends Operation {

  private Relayout(Context context, Tensor x) {
    super(context, x);
  }

  /** The tensor itself if it has the layout already, or a copy, which the context counts. */
  public static Tensor apply(Tensor x, Layout layout, Context context) {
    if (x.layout() == layout) {
      return x;
    }
    int[] dims = x.shape();
    float[] out = context.buffer(layout.length(dims));
    context.countReorder();
    Reorder.run(dims, x.layout(), x.data(), layout, out, context.workers());
    return new Relayout(context, x).output(layout, out, dims);
  }

  /** Shows the elements in a layout to a reader, which is not to keep the array. */
  static void read(Tensor x, Layout layout, Context context, Consumer<float[]> reader) {
    if (x.layout() == layout) {
      reader.accept(x.data());
      return;
    }
    float[] copy = context.buffer(layout.length(x.shape()));
    context.countReorder();
    Reorder.run(x.shape(), x.layout(), x.data(), layout, copy, context.workers());
    reader.accept(copy);
    context.release(copy);
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
    Layout layout = input(0).layout();
    context().countReorder();
    gradient(
        0, dx -> Reorder.run(y.shape(), y.layout(), y.grad(), layout, dx, context().workers()));
  }
}
