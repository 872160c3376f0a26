package dev.lanewise.nn.optim;

import dev.lanewise.nn.Tensor;
import java.util.Collection;

/**
 * RMSprop (Hinton, 2012) as PyTorch has it: {@code s = 0.99 s + 0.01 g^2; p -= rate g / (sqrt(s) +
 * 1e-8)}.
 */
public final class RmsProp extends Optimizer {

  private static final float ALPHA = 0.99f;
  private static final float REST = (float) (1 - 0.99);
  private static final float EPSILON = 1e-8f;

  private final float weightDecay;
  private final float[][] squares;

  /** RMSprop without a penalty. */
  public RmsProp(Collection<Tensor> parameters, float learningRate) {
    this(parameters, learningRate, 0);
  }

  /** RMSprop with an L2 penalty added to the gradient. */
  public RmsProp(Collection<Tensor> parameters, float learningRate, float weightDecay) {
    super(parameters, learningRate);
    this.weightDecay = notNegative("weight decay", weightDecay);
    squares = state(parameters);
  }

  @Override
  void update(int index, float[] values, float[] grad) {
    float[] square = squares[index];
    float rate = learningRate();
    for (int i = 0; i < values.length; i++) {
      float g = grad[i] + weightDecay * values[i];
      float s = ALPHA * square[i] + REST * g * g;
      square[i] = s;
      values[i] -= rate * g / ((float) Math.sqrt(s) + EPSILON);
    }
  }
}
