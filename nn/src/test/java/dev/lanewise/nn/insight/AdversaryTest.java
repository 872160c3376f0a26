package dev.lanewise.nn.insight;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdversaryTest {

  private static final float EPSILON = 0.07f;

  private final ImageClassifier classifier = Nets.smooth();
  private final Tensor images = Nets.images(2, 5, 2, 6, 5);
  private final int[] labels = {0, 1, 2, 0, 1};

  private double loss(Tensor some) {
    return ImageClassifier.loss(classifier.scores(some), labels);
  }

  @Test
  void fgsmMovesEveryPixelByEpsilonOrToTheEndOfItsRange() {
    float[] moved = new Fgsm().perturb(classifier, images, labels, EPSILON).data();
    int ends = 0;
    for (int i = 0; i < moved.length; i++) {
      float pixel = images.data()[i];
      float up = Math.min(1, pixel + EPSILON);
      float down = Math.max(0, pixel - EPSILON);
      assertTrue(moved[i] == up || moved[i] == down, pixel + " became " + moved[i]);
      ends += moved[i] == 0 || moved[i] == 1 ? 1 : 0;
    }
    assertTrue(ends > 0 && ends < moved.length, "pixels at an end: " + ends);
  }

  @Test
  void attacksRaiseTheLoss() {
    double clean = loss(images);
    double fast = loss(new Fgsm().perturb(classifier, images, labels, EPSILON));
    double slow = loss(Pgd.of(10).perturb(classifier, images, labels, EPSILON));
    assertTrue(fast > clean + 0.01, fast + " after " + clean);
    assertTrue(slow > clean + 0.01, slow + " after " + clean);
  }

  @Test
  void pgdStaysInTheBallAndInTheRange() {
    float[] moved = new Pgd(7, 6).perturb(classifier, images, labels, EPSILON).data();
    float farthest = 0;
    for (int i = 0; i < moved.length; i++) {
      farthest = Math.max(farthest, Math.abs(moved[i] - images.data()[i]));
      assertTrue(moved[i] >= 0 && moved[i] <= 1, "a pixel of " + moved[i]);
    }
    assertEquals(EPSILON, farthest, 1e-6);
  }

  @Test
  void oneStepOfPgdThatReachesEpsilonIsFgsm() {
    assertArrayEquals(
        new Fgsm().perturb(classifier, images, labels, EPSILON).data(),
        new Pgd(1, 1).perturb(classifier, images, labels, EPSILON).data());
  }

  @Test
  void epsilonZeroLeavesImagesAsTheyAre() {
    for (Adversary adversary : List.of(new Fgsm(), Pgd.of(3))) {
      assertArrayEquals(images.data(), adversary.perturb(classifier, images, labels, 0).data());
    }
  }

  @Test
  void anImageIsAttackedTheSameAloneAsInABatch() {
    float[] together = Pgd.of(3).perturb(classifier, images, labels, EPSILON).data();
    int length = images.size() / labels.length;
    for (int i = 0; i < labels.length; i++) {
      float[] own = Arrays.copyOfRange(images.data(), i * length, (i + 1) * length);
      Tensor alone = Tensor.of(own, 1, 2, 6, 5);
      float[] moved = Pgd.of(3).perturb(classifier, alone, new int[] {labels[i]}, EPSILON).data();
      assertArrayEquals(Arrays.copyOfRange(together, i * length, (i + 1) * length), moved);
    }
  }

  @Test
  void epsilonOutsideTheRangeOfAPixelIsRefused() {
    for (float epsilon : new float[] {-0.1f, 1.5f, Float.NaN}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new Fgsm().perturb(classifier, images, labels, epsilon));
    }
  }
}
