package dev.lanewise.nn.op;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Ranges;
import dev.lanewise.nn.Tensor;

/** An activation of every element, in the input's layout. */
public final class Elementwise extends Operation {

  private final Activation activation;

  private Elementwise(Context context, Tensor x, Activation activation) {
    super(context, x);
    this.activation = activation;
  }

  /** Applies the activation. */
  public static Tensor apply(Tensor x, Activation activation, Context context) {
    float[] in = x.data();
    float[] out = context.buffer(in.length);
    Ranges.run(
        context.workers(),
        in.length,
        (from, to) -> {
          System.arraycopy(in, from, out, from, to - from);
          Activations.apply(activation, out, from, to);
        });
    if (!Activations.keepsZero(activation)) {
      Lanes.clearPadding(x.layout(), out, x.shape());
    }
    return new Elementwise(context, x, activation).output(x.layout(), out, x.shape());
  }

  @Override
  protected boolean keepsInput(int index) {
    return Activations.needsInput(activation);
  }

  @Override
  protected boolean keepsOutput() {
    return !Activations.needsInput(activation);
  }

  @Override
  protected void backward(Tensor y) {
    float[] kept = Activations.needsInput(activation) ? input(0).data() : y.data();
    float[] dy = y.grad();
    Ranges.run(
        context().workers(),
        dy.length,
        (from, to) -> Activations.backward(activation, kept, dy, dy, from, to));
    pass(0, y);
  }
}
