package dev.lanewise.verify.operation;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;
import dev.lanewise.verify.reference.BlockedLayout;

/** The scalar product of a tensor with fixed numbers: its gradient is those numbers. */
final class Projection extends Operation {

  private final float[] weights;

  private Projection(Context context, Tensor x, float... weights) {
    super(context, x);
    this.weights = weights;
  }

  /** The product as a tensor, for the tape; {@code weights} are row-major. */
  static Tensor of(Tensor x, float[] weights, Context context) {
    return new Projection(context, x, weights)
        .output(Layout.NCHW, new float[] {(float) value(x, weights)});
  }

  /** The product in double precision, for differences. */
  static double value(Tensor x, float... weights) {
    float[] values = x.values();
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += (double) values[i] * weights[i];
    }
    return sum;
  }

  @Override
  protected boolean keepsInput(int index) {
    return false;
  }

  @Override
  protected void backward(Tensor loss) {
    float scale = loss.grad()[0];
    gradient(
        0,
        dx -> {
          float[] placed =
              input(0).layout() == Layout.NCHW
                  ? weights
                  : new BlockedLayout(input(0).shape()).toBlocked(weights);
          for (int i = 0; i < dx.length; i++) {
            dx[i] = scale * placed[i];
          }
        });
  }
}
