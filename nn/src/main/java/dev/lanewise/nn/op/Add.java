package dev.lanewise.nn.op;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Ranges;
import dev.lanewise.nn.Tensor;

/**
 * The sum of two tensors of one shape, as a residual connection needs it, and an activation of it
 * in the same pass over memory.
 */
public final class Add extends Operation {

  private final Activation activation;

  private Add(Context context, Tensor a, Tensor b, Activation activation) {
    super(context, a, b);
    this.activation = activation;
  }

  /** Adds. */
  public static Tensor apply(Tensor a, Tensor b, Context context) {
    return apply(a, b, Activation.IDENTITY, context);
  }

  /**
   * Adds and applies an activation. The result has the layout of the first summand, except that of
   * two different layouts NCHW16C is taken.
   *
   * @throws IllegalArgumentException if the shapes differ, stating both
   */
  public static Tensor apply(Tensor a, Tensor b, Activation activation, Context context) {
    b.requireShape("second summand", a.shape());
    Layout layout = a.layout() == b.layout() ? a.layout() : Layout.NCHW16C;
    Tensor first = Relayout.apply(a, layout, context);
    Tensor second = Relayout.apply(b, layout, context);
    Add sum = new Add(context, first, second, activation);
    float[] out = context.buffer(first.data().length);
    sum.compute(out, activation);
    if (!Activations.keepsZero(activation)) {
      Lanes.clearPadding(layout, out, a.shape());
    }
    return sum.output(layout, out, a.shape());
  }

  private void compute(float[] out, Activation function) {
    float[] x = input(0).data();
    float[] y = input(1).data();
    Ranges.run(
        context().workers(),
        out.length,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            out[i] = x[i] + y[i];
          }
          Activations.apply(function, out, from, to);
        });
  }

  @Override
  protected boolean keepsInput(int index) {
    return Activations.needsInput(activation);
  }

  @Override
  protected boolean keepsOutput() {
    return !Activations.needsInput(activation) && !(activation instanceof Activation.Identity);
  }

  @Override
  protected void backward(Tensor y) {
    float[] dy = y.grad();
    if (!(activation instanceof Activation.Identity)) {
      boolean again = Activations.needsInput(activation);
      float[] kept = again ? context().buffer(dy.length) : y.data();
      if (again) {
        compute(kept, Activation.IDENTITY);
      }
      Ranges.run(
          context().workers(),
          dy.length,
          (from, to) -> Activations.backward(activation, kept, dy, dy, from, to));
      if (again) {
        context().release(kept);
      }
    }
    pass(0, y);
    pass(1, y);
  }
}
