package dev.lanewise.nn.optim;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;

/**
 * RMSprop (Hinton, 2012) as PyTorch has it: {@code s = alpha s + (1 - alpha) g^2; p -= rate g /
 * (sqrt(s) + epsilon)}.
 */
public final class RmsProp extends Optimizer {

  /**
   * What it is to be.
   *
   * @param rate learning rate
   * @param alpha share of the mean squared gradient that lasts, below 1
   * @param epsilon added to its root, above 0
   * @param weightDecay L2 penalty added to the gradient
   */
  public record Settings(float rate, double alpha, float epsilon, float weightDecay)
      implements Optimizer.Settings {

    /**
     * Validates the settings.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public Settings {
      notNegative("learning rate", rate);
      belowOne("alpha", (float) alpha);
      Check.that(epsilon > 0 && epsilon < 1, "epsilon must lie between 0 and 1, is %s", epsilon);
      notNegative("weight decay", weightDecay);
    }

    /** PyTorch's settings, without a penalty. */
    public static Settings of(float rate) {
      return new Settings(rate, 0.99, 1e-8f, 0);
    }

    /** These with a penalty. */
    public Settings weightDecay(float decay) {
      return new Settings(rate, alpha, epsilon, decay);
    }

    @Override
    public RmsProp optimizer(ParameterGroups parameters, Workers workers) {
      return new RmsProp(parameters, this, workers);
    }

    @Override
    public String toString() {
      return "rmsprop, rate %s, alpha %s, epsilon %s, weight decay %s"
          .formatted(rate, alpha, epsilon, weightDecay);
    }
  }

  private final Settings settings;
  private final float[][] squares;

  private RmsProp(ParameterGroups parameters, Settings settings, Workers workers) {
    super(parameters, settings.rate, settings.weightDecay, workers);
    this.settings = settings;
    squares = newState("mean_square");
  }

  @Override
  void update(
      int index,
      float[] values,
      float[] grad,
      float scale,
      float rate,
      float decay,
      int from,
      int to) {
    move(values, grad, squares[index], scale, rate, decay, from, to);
  }

  private void move(
      float[] values,
      float[] grad,
      float[] square,
      float scale,
      float rate,
      float decay,
      int from,
      int to) {
    float alpha = (float) settings.alpha;
    float rest = (float) (1 - settings.alpha);
    float epsilon = settings.epsilon;
    for (int i = from; i < to; i++) {
      float g = scale * grad[i] + decay * values[i];
      float s = alpha * square[i] + rest * g * g;
      square[i] = s;
      values[i] -= rate * g / ((float) Math.sqrt(s) + epsilon);
    }
  }
}
