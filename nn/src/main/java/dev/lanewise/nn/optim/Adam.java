package dev.lanewise.nn.optim;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;

/**
 * Adam (Kingma and Ba, 2015), algorithm 1, and AdamW (Loshchilov and Hutter, 2019), which shrinks
 * the values instead of adding the penalty to the gradient.
 */
public final class Adam extends Optimizer {

  /**
   * What it is to be.
   *
   * @param rate learning rate
   * @param beta1 share of the mean gradient that lasts, below 1
   * @param beta2 share of the mean squared gradient that lasts, below 1
   * @param epsilon added to the root of the latter, above 0
   * @param weightDecay the penalty
   * @param decoupled whether values shrink by {@code rate * weightDecay} (AdamW) instead of the
   *     penalty being added to the gradient
   */
  public record Settings(
      float rate, double beta1, double beta2, float epsilon, float weightDecay, boolean decoupled)
      implements Optimizer.Settings {

    /**
     * Validates the settings.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public Settings {
      notNegative("learning rate", rate);
      belowOne("beta1", (float) beta1);
      belowOne("beta2", (float) beta2);
      Check.that(epsilon > 0 && epsilon < 1, "epsilon must lie between 0 and 1, is %s", epsilon);
      notNegative("weight decay", weightDecay);
    }

    /** Adam as its paper has it, without a penalty. */
    public static Settings of(float rate) {
      return new Settings(rate, 0.9, 0.999, 1e-8f, 0, false);
    }

    /** These with a penalty that is added to the gradient. */
    public Settings weightDecay(float decay) {
      return new Settings(rate, beta1, beta2, epsilon, decay, false);
    }

    /** These with a penalty that shrinks the values: AdamW. */
    public Settings decoupledDecay(float decay) {
      return new Settings(rate, beta1, beta2, epsilon, decay, true);
    }

    @Override
    public Adam optimizer(ParameterGroups parameters, Workers workers) {
      return new Adam(parameters, this, workers);
    }

    @Override
    public String toString() {
      return "%s, rate %s, betas %s and %s, epsilon %s, weight decay %s"
          .formatted(decoupled ? "adamw" : "adam", rate, beta1, beta2, epsilon, weightDecay);
    }
  }

  private final Settings settings;
  private final float[][] firstMoments;
  private final float[][] secondMoments;

  /** The corrections of both moments for their start at zero. */
  private float firstCorrection;

  private float secondCorrection;

  private Adam(ParameterGroups parameters, Settings settings, Workers workers) {
    super(parameters, settings.rate, settings.weightDecay, workers);
    this.settings = settings;
    firstMoments = newState("first_moment");
    secondMoments = newState("second_moment");
  }

  @Override
  void beforeStep(long step) {
    firstCorrection = (float) (1 / (1 - StrictMath.pow(settings.beta1, (double) step)));
    secondCorrection = (float) (1 / Math.sqrt(1 - StrictMath.pow(settings.beta2, (double) step)));
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
    float penalty = settings.decoupled ? 0 : decay;
    float kept = settings.decoupled ? 1 - rate * decay : 1;
    move(
        values,
        grad,
        firstMoments[index],
        secondMoments[index],
        scale,
        rate * firstCorrection,
        penalty,
        kept,
        from,
        to);
  }

  private void move(
      float[] values,
      float[] grad,
      float[] first,
      float[] second,
      float scale,
      float stepSize,
      float penalty,
      float kept,
      int from,
      int to) {
    float beta1 = (float) settings.beta1;
    float beta2 = (float) settings.beta2;
    float rest1 = (float) (1 - settings.beta1);
    float rest2 = (float) (1 - settings.beta2);
    float epsilon = settings.epsilon;
    float root = secondCorrection;
    for (int i = from; i < to; i++) {
      float g = scale * grad[i] + penalty * values[i];
      float m = beta1 * first[i] + rest1 * g;
      float v = beta2 * second[i] + rest2 * g * g;
      first[i] = m;
      second[i] = v;
      values[i] = kept * values[i] - stepSize * m / ((float) Math.sqrt(v) * root + epsilon);
    }
  }
}
