package dev.lanewise.nn.insight;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Tensor;

/**
 * Changes images a little so that a classifier takes them for something else: no pixel by more than
 * epsilon (the norm L-infinity), and none out of the range from 0 to 1.
 */
public sealed interface Adversary permits Fgsm, Pgd {

  /**
   * Changed copies of images.
   *
   * @param images {@code [n, c, h, w]}, pixels from 0 to 1
   * @param labels what they are
   * @param epsilon the most that a pixel may change, from 0 to 1; with 0 the images stay
   * @throws IllegalArgumentException if epsilon is out of range, there is not one label an image,
   *     or the images do not fit the network
   */
  Tensor perturb(ImageClassifier classifier, Tensor images, int[] labels, float epsilon);

  /** Requires epsilon to be a part of the range of a pixel. */
  static void requireEpsilon(float epsilon) {
    Check.that(epsilon >= 0 && epsilon <= 1, "epsilon must be from 0 to 1, is %s", epsilon);
  }
}
