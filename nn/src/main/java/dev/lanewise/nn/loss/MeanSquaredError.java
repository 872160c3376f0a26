package dev.lanewise.nn.loss;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;

/** The mean over all elements of {@code (x - target)^2}; its gradient is {@code 2 (x - t) / n}. */
public final class MeanSquaredError extends Operation {

  private final float[] target;

  private MeanSquaredError(Context context, Tensor x, float... target) {
    super(context, x);
    this.target = target;
  }

  /**
   * The mean loss, summed in double precision.
   *
   * @param x row-major
   * @param target of the same shape
   * @throws IllegalArgumentException if the shapes differ, stating both
   */
  public static Tensor of(Tensor x, Tensor target, Context context) {
    String shape = Tensor.text(x.shape());
    Check.that(
        x.layout() == Layout.NCHW && shape.equals(Tensor.text(target.shape())),
        "mean squared error needs a row-major input and a target of one shape, got %s and %s",
        x,
        target);
    float[] wanted = target.values();
    double sum = 0;
    for (int i = 0; i < wanted.length; i++) {
      double difference = (double) x.data()[i] - wanted[i];
      sum += difference * difference;
    }
    return new MeanSquaredError(context, x, wanted)
        .output(Layout.NCHW, new float[] {(float) (sum / wanted.length)});
  }

  @Override
  protected void backward(Tensor loss) {
    float[] x = input(0).data();
    float scale = 2 * loss.grad()[0] / x.length;
    gradient(
        0,
        dx -> {
          for (int i = 0; i < dx.length; i++) {
            dx[i] = scale * (x[i] - target[i]);
          }
        });
  }
}
