package dev.lanewise.nn.op;

import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Ranges;
import dev.lanewise.nn.Tensor;

/**
 * Every element to one power, in the input's layout; computed in double precision by {@link
 * StrictMath}, so that it has the same bits on every machine.
 */
public final class Power extends Operation {

  private final double exponent;

  private Power(double exponent, Context context, Tensor x) {
    super(context, x);
    this.exponent = exponent;
  }

  /** Computes {@code x^exponent}. */
  public static Tensor apply(Tensor x, double exponent, Context context) {
    float[] in = x.data();
    float[] out = context.buffer(in.length);
    Ranges.run(
        context.workers(),
        in.length,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            out[i] = (float) StrictMath.pow(in[i], exponent);
          }
        });
    if (exponent <= 0) {
      Lanes.clearPadding(x.layout(), out, x.shape());
    }
    return new Power(exponent, context, x).output(x.layout(), out, x.shape());
  }

  @Override
  protected boolean keepsOutput() {
    return false;
  }

  @Override
  protected void backward(Tensor y) {
    float[] x = input(0).data();
    float[] dy = y.grad();
    Ranges.run(
        context().workers(),
        dy.length,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            dy[i] =
                dy[i] == 0 ? 0 : (float) (dy[i] * exponent * StrictMath.pow(x[i], exponent - 1));
          }
        });
    pass(0, y);
  }
}
