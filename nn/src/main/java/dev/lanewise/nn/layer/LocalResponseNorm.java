package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.op.LocalResponse;

/**
 * Local response normalisation over neighbouring channels (Krizhevsky et al. 2012): {@code y = x /
 * (k + alpha / size * sum of x^2 over the window)^beta}.
 */
public final class LocalResponseNorm implements Layer {

  private final LocalResponse.Window window;

  /** PyTorch's defaults: alpha 1e-4, beta 0.75, k 1. */
  public LocalResponseNorm(int size) {
    this(size, 1e-4f, 0.75f, 1);
  }

  /**
   * A norm.
   *
   * @param size channels of the window
   * @param alpha weight of the mean square
   * @param beta the power
   * @param k what is added to the mean square
   */
  public LocalResponseNorm(int size, float alpha, float beta, float k) {
    window = new LocalResponse.Window(Check.positive("size", size), alpha, beta, k);
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    outputShape(input.shape());
    return LocalResponse.apply(input, window, context);
  }

  @Override
  public Operator operator(int... inputShape) {
    outputShape(inputShape);
    return new Operator.ResponseNorm(window);
  }

  @Override
  public int[] outputShape(int... inputShape) {
    Check.that(
        inputShape.length >= 3,
        "local response norm needs an input [n, c, spatial...], got %s",
        Tensor.text(inputShape));
    return inputShape.clone();
  }
}
