package dev.lanewise.nn.insight;

import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.insight.ImageClassifier.Objective;

/**
 * The fast gradient sign method (Goodfellow, Shlens and Szegedy 2015): every pixel moves by epsilon
 * in the direction that raises the loss, or to the end of its range.
 */
public record Fgsm() implements Adversary {

  @Override
  public Tensor perturb(ImageClassifier classifier, Tensor images, int[] labels, float epsilon) {
    Adversary.requireEpsilon(epsilon);
    float[] gradient = classifier.gradient(images, Objective.loss(labels));
    float[] moved = images.values();
    for (int i = 0; i < moved.length; i++) {
      moved[i] = Math.clamp(moved[i] + epsilon * Math.signum(gradient[i]), 0, 1);
    }
    return Tensor.of(moved, images.shape());
  }

  @Override
  public String toString() {
    return "FGSM";
  }
}
