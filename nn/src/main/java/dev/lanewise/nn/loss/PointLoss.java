package dev.lanewise.nn.loss;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;

/** The mean over all elements of a function of the element and what it should be. */
final class PointLoss extends Operation {

  /** A function of an element x and its target t, and its slope. */
  interface Rule {
    double value(double x, double t);

    /** The derivative by x. */
    double slope(double x, double t);
  }

  private final Rule rule;
  private final float[] target;

  private PointLoss(Context context, Tensor x, Rule rule, float... target) {
    super(context, x);
    this.rule = rule;
    this.target = target;
  }

  /**
   * The mean, summed in double precision.
   *
   * @param name what messages call the loss
   * @param x row-major
   * @param target of the same shape
   * @throws IllegalArgumentException if the shapes differ, stating both
   */
  static Tensor of(String name, Tensor x, Tensor target, Rule rule, Context context) {
    String shape = Tensor.text(x.shape());
    Check.that(
        x.layout() == Layout.NCHW && shape.equals(Tensor.text(target.shape())),
        "%s needs a row-major input and a target of one shape, got %s and %s",
        name,
        x,
        target);
    float[] wanted = target.values();
    double sum = 0;
    for (int i = 0; i < wanted.length; i++) {
      sum += rule.value(x.data()[i], wanted[i]);
    }
    return new PointLoss(context, x, rule, wanted)
        .output(Layout.NCHW, new float[] {(float) (sum / wanted.length)});
  }

  @Override
  protected void backward(Tensor loss) {
    float[] x = input(0).data();
    double scale = (double) loss.grad()[0] / target.length;
    gradient(
        0,
        dx -> {
          for (int i = 0; i < dx.length; i++) {
            dx[i] = (float) (scale * rule.slope(x[i], target[i]));
          }
        });
  }
}
