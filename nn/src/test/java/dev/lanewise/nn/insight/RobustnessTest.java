package dev.lanewise.nn.insight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.Image;
import dev.lanewise.nn.data.Normalization;
import dev.lanewise.nn.metrics.Evaluation;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RobustnessTest {

  private static final int SIZE = 600;

  private final ImageClassifier classifier = Nets.smooth();

  /** Random images, of which about half have the class that the classifier gives them. */
  private final Dataset data =
      new Dataset() {
        private final Tensor images = Nets.images(4, SIZE, 2, 6, 5);
        private final int[] answers = classifier.answers(images);

        @Override
        public int size() {
          return SIZE;
        }

        @Override
        public List<String> classes() {
          return List.of("a", "b", "c");
        }

        @Override
        public int label(int index) {
          return index % 2 == 0 ? answers[index] : index % 3;
        }

        @Override
        public void read(int index, Image image) {
          System.arraycopy(images.data(), index * 60, image.resize(2, 6, 5), 0, 60);
        }

        @Override
        public Normalization normalization() {
          return Nets.TWO;
        }
      };

  private Robustness attack(Adversary adversary, Float... epsilons) throws IOException {
    return Robustness.of(classifier, adversary, data, List.of(epsilons), () -> false);
  }

  @Test
  void epsilonZeroGivesTheAccuracyAndLossOfAnEvaluation() throws IOException {
    Evaluation clean = Evaluation.of(classifier.network(), data, Workers.shared());
    Robustness.Point point = attack(new Fgsm(), 0f).points().getFirst();
    assertTrue(clean.confusion().accuracy() > 0.4 && clean.confusion().accuracy() < 0.9);
    assertEquals(clean.confusion().accuracy(), point.accuracy());
    assertEquals(clean.loss(), point.loss(), 1e-5);
  }

  @Test
  void accuracyFallsAsEpsilonGrows() throws IOException {
    Robustness result = attack(new Fgsm(), 0f, 0.02f, 0.2f);
    List<Robustness.Point> points = result.points();
    assertEquals(SIZE, result.images());
    assertTrue(points.get(0).accuracy() > points.get(1).accuracy(), points::toString);
    assertTrue(points.get(1).accuracy() > points.get(2).accuracy(), points::toString);
    assertTrue(points.get(1).loss() < points.get(2).loss(), points::toString);
    assertEquals(3 * 10, result.samples().size());
  }

  @Test
  void aStoppedAttackCountsTheImagesSoFar() throws IOException {
    int[] asked = {0};
    Robustness some =
        Robustness.of(classifier, new Fgsm(), data, List.of(0f), () -> asked[0]++ > 0);
    assertEquals(250, some.images());
    assertThrows(
        IllegalArgumentException.class,
        () -> Robustness.of(classifier, new Fgsm(), data, List.of(0f), () -> true));
    assertThrows(
        IllegalArgumentException.class,
        () -> Robustness.of(classifier, new Fgsm(), data, List.of(), () -> false));
  }
}
