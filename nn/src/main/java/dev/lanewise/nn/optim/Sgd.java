package dev.lanewise.nn.optim;

import dev.lanewise.nn.Tensor;
import java.util.Collection;

/**
 * Stochastic gradient descent with momentum: {@code g += decay p; v = momentum v + g; p -= rate v}.
 *
 * <p>The velocity starts at the first gradient, as in PyTorch, which the zeros here come to.
 */
public final class Sgd extends Optimizer {

  private final float momentum;
  private final float weightDecay;
  private final float[][] velocities;

  /** Plain descent. */
  public Sgd(Collection<Tensor> parameters, float learningRate) {
    this(parameters, learningRate, 0, 0);
  }

  /** Descent with momentum and an L2 penalty. */
  public Sgd(Collection<Tensor> parameters, float learningRate, float momentum, float weightDecay) {
    super(parameters, learningRate);
    this.momentum = notNegative("momentum", momentum);
    this.weightDecay = notNegative("weight decay", weightDecay);
    velocities = state(parameters);
  }

  @Override
  void update(int index, float[] values, float[] grad) {
    float[] velocity = velocities[index];
    float rate = learningRate();
    for (int i = 0; i < values.length; i++) {
      float g = grad[i] + weightDecay * values[i];
      float v = momentum * velocity[i] + g;
      velocity[i] = v;
      values[i] -= rate * v;
    }
  }
}
