package dev.lanewise.nn.op;

import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Ranges;
import dev.lanewise.nn.Tensor;

/** Every element times one number plus another, in the input's layout: {@code factor x + shift}. */
public final class Scale extends Operation {

  private final float factor;

  private Scale(float factor, Context context, Tensor x) {
    super(context, x);
    this.factor = factor;
  }

  /** Computes {@code factor x + shift}. */
  public static Tensor apply(Tensor x, float factor, float shift, Context context) {
    float[] in = x.data();
    float[] out = context.buffer(in.length);
    Ranges.run(
        context.workers(),
        in.length,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            out[i] = factor * in[i] + shift;
          }
        });
    if (shift != 0) {
      Lanes.clearPadding(x.layout(), out, x.shape());
    }
    return new Scale(factor, context, x).output(x.layout(), out, x.shape());
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
    Ranges.run(
        context().workers(),
        dy.length,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            dy[i] = factor * dy[i] + 0f; // no negative zero in padding lanes
          }
        });
    pass(0, y);
  }
}
