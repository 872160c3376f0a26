package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;

/** The same row-major elements under other dimensions. */
public final class Reshape extends Operation {

  private Reshape(Context context, Tensor x) {
    super(context, x);
  }

  /**
   * Shares the elements of a row-major tensor; another layout is copied first.
   *
   * @throws IllegalArgumentException if the dimensions hold another number of elements
   */
  public static Tensor apply(Tensor input, Context context, int... shape) {
    return new Reshape(context, Relayout.apply(input, Layout.NCHW, context)).view(shape);
  }

  @Override
  protected boolean keepsInput(int index) {
    return false;
  }

  @Override
  protected void backward(Tensor y) {
    pass(0, y);
  }
}
