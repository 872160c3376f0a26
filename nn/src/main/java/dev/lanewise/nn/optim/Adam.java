package dev.lanewise.nn.optim;

import dev.lanewise.nn.Tensor;
import java.util.Collection;

/** Adam (Kingma and Ba, 2015), algorithm 1, at its defaults: betas 0.9 and 0.999, epsilon 1e-8. */
public final class Adam extends Optimizer {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final float EPSILON = 1e-8f;

  private final float weightDecay;
  private final float[][] firstMoments;
  private final float[][] secondMoments;
  private int steps;

  /** Adam without a penalty. */
  public Adam(Collection<Tensor> parameters, float learningRate) {
    this(parameters, learningRate, 0);
  }

  /** Adam with an L2 penalty added to the gradient. */
  public Adam(Collection<Tensor> parameters, float learningRate, float weightDecay) {
    super(parameters, learningRate);
    this.weightDecay = notNegative("weight decay", weightDecay);
    firstMoments = state(parameters);
    secondMoments = state(parameters);
  }

  @Override
  void beforeStep() {
    steps++;
  }

  @Override
  void update(int index, float[] values, float[] grad) {
    float[] first = firstMoments[index];
    float[] second = secondMoments[index];
    float beta1 = (float) BETA1;
    float beta2 = (float) BETA2;
    float rest1 = (float) (1 - BETA1);
    float rest2 = (float) (1 - BETA2);
    float stepSize = (float) (learningRate() / (1 - Math.pow(BETA1, steps)));
    float root = (float) (1 / Math.sqrt(1 - Math.pow(BETA2, steps)));
    for (int i = 0; i < values.length; i++) {
      float g = grad[i] + weightDecay * values[i];
      float m = beta1 * first[i] + rest1 * g;
      float v = beta2 * second[i] + rest2 * g * g;
      first[i] = m;
      second[i] = v;
      values[i] -= stepSize * m / ((float) Math.sqrt(v) * root + EPSILON);
    }
  }
}
