package dev.lanewise.nn.optim;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;

/**
 * Stochastic gradient descent with momentum: {@code g += decay p; v = momentum v + g; p -= rate v}.
 *
 * <p>Nesterov's form (Sutskever, Martens, Dahl and Hinton, 2013, as PyTorch has it) looks ahead:
 * {@code p -= rate (g + momentum v)}. The velocity starts at the first gradient, as in PyTorch,
 * which the zeros here come to.
 */
public final class Sgd extends Optimizer {

  /**
   * What the descent is to be.
   *
   * @param rate learning rate
   * @param momentum share of the velocity that lasts, below 1
   * @param nesterov whether the step looks ahead, which needs a momentum
   * @param weightDecay L2 penalty added to the gradient
   */
  public record Settings(float rate, float momentum, boolean nesterov, float weightDecay)
      implements Optimizer.Settings {

    /**
     * Validates the settings.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public Settings {
      notNegative("learning rate", rate);
      belowOne("momentum", momentum);
      notNegative("weight decay", weightDecay);
      Check.that(!nesterov || momentum > 0, "Nesterov's descent needs a momentum above 0");
    }

    /** Plain descent. */
    public static Settings of(float rate) {
      return new Settings(rate, 0, false, 0);
    }

    @Override
    public Sgd optimizer(ParameterGroups parameters, Workers workers) {
      return new Sgd(parameters, this, workers);
    }

    @Override
    public String toString() {
      String name = nesterov ? "sgd of Nesterov" : "sgd";
      return "%s, rate %s, momentum %s, weight decay %s"
          .formatted(name, rate, momentum, weightDecay);
    }
  }

  private float momentum;
  private final boolean nesterov;
  private final float[][] velocities;

  private Sgd(ParameterGroups parameters, Settings settings, Workers workers) {
    super(parameters, settings.rate, settings.weightDecay, workers);
    momentum = settings.momentum;
    nesterov = settings.nesterov;
    velocities = momentum > 0 ? newState("velocity") : new float[0][];
  }

  @Override
  public void momentum(float value) {
    Check.that(velocities.length > 0, "a descent without momentum cannot be given one");
    momentum = belowOne("momentum", value);
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
    if (velocities.length == 0) {
      descend(values, grad, scale, rate, decay, from, to);
    } else if (nesterov) {
      lookAhead(values, grad, velocities[index], scale, rate, decay, from, to);
    } else {
      roll(values, grad, velocities[index], scale, rate, decay, from, to);
    }
  }

  private static void descend(
      float[] values, float[] grad, float scale, float rate, float decay, int from, int to) {
    for (int i = from; i < to; i++) {
      values[i] -= rate * (scale * grad[i] + decay * values[i]);
    }
  }

  private void roll(
      float[] values,
      float[] grad,
      float[] velocity,
      float scale,
      float rate,
      float decay,
      int from,
      int to) {
    for (int i = from; i < to; i++) {
      float v = momentum * velocity[i] + (scale * grad[i] + decay * values[i]);
      velocity[i] = v;
      values[i] -= rate * v;
    }
  }

  private void lookAhead(
      float[] values,
      float[] grad,
      float[] velocity,
      float scale,
      float rate,
      float decay,
      int from,
      int to) {
    for (int i = from; i < to; i++) {
      float g = scale * grad[i] + decay * values[i];
      float v = momentum * velocity[i] + g;
      velocity[i] = v;
      values[i] -= rate * (g + momentum * v);
    }
  }
}
