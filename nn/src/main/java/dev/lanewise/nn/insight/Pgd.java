package dev.lanewise.nn.insight;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.insight.ImageClassifier.Objective;

/**
 * Projected gradient descent (Madry et al. 2018): several steps along the sign of the gradient,
 * each brought back to within epsilon of the image. It starts at the image itself, not at a random
 * point beside it, so that its result depends on nothing else.
 *
 * @param steps how many
 * @param reach the length of all steps together as a multiple of epsilon, so that the path can turn
 */
public record Pgd(int steps, float reach) implements Adversary {

  /** Validates the numbers. */
  public Pgd {
    Check.positive("steps", steps);
    Check.that(
        reach > 0 && reach < Float.POSITIVE_INFINITY,
        "the reach must be finite and above 0, is %s",
        reach);
  }

  /** So many steps that reach two and a half times epsilon, as Madry et al. have them. */
  public static Pgd of(int steps) {
    return new Pgd(steps, 2.5f);
  }

  @Override
  public Tensor perturb(ImageClassifier classifier, Tensor images, int[] labels, float epsilon) {
    Adversary.requireEpsilon(epsilon);
    float[] start = images.values();
    float[] moved = images.values();
    float length = epsilon * reach / steps;
    for (int step = 0; step < steps; step++) {
      float[] gradient =
          classifier.gradient(Tensor.of(moved, images.shape()), Objective.loss(labels));
      for (int i = 0; i < moved.length; i++) {
        float low = Math.max(0, start[i] - epsilon);
        float high = Math.min(1, start[i] + epsilon);
        moved[i] = Math.clamp(moved[i] + length * Math.signum(gradient[i]), low, high);
      }
    }
    return Tensor.of(moved, images.shape());
  }

  @Override
  public String toString() {
    return "PGD of %d steps".formatted(steps);
  }
}
