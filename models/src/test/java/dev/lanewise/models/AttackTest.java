package dev.lanewise.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.data.MnistData;
import dev.lanewise.nn.data.Split;
import dev.lanewise.nn.data.Subset;
import dev.lanewise.nn.insight.Fgsm;
import dev.lanewise.nn.insight.ImageClassifier;
import dev.lanewise.nn.insight.Pgd;
import dev.lanewise.nn.insight.Robustness;
import dev.lanewise.nn.metrics.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Attacks the bundled LeNet-5 on some digits of the test set. */
class AttackTest {

  private static final List<Float> EPSILONS = List.of(0f, 0.06f, 0.15f);

  @Test
  void pgdIsAtLeastAsStrongAsFgsmAndNeitherHarmsWithEpsilonZero() throws IOException {
    Path mnist = Path.of(System.getProperty("lanewise.shared", "../../shared"), "data/mnist");
    assumeTrue(Files.isDirectory(mnist), "no MNIST in " + mnist);
    MnistData digits = MnistData.load(mnist, Split.TEST);
    Subset some = Subset.balanced(digits, 100, 1);
    ImageClassifier lenet =
        new ImageClassifier(Models.pretrained("lenet5"), digits.normalization(), Workers.shared());
    Robustness fast = Robustness.of(lenet, new Fgsm(), some, EPSILONS, () -> false);
    Robustness slow = Robustness.of(lenet, Pgd.of(5), some, EPSILONS, () -> false);
    double clean = Evaluation.of(lenet.network(), some, Workers.shared()).confusion().accuracy();
    assertEquals(clean, fast.points().getFirst().accuracy());
    assertEquals(clean, slow.points().getFirst().accuracy());
    for (int i = 1; i < EPSILONS.size(); i++) {
      Robustness.Point quick = fast.points().get(i);
      Robustness.Point thorough = slow.points().get(i);
      assertTrue(thorough.accuracy() <= quick.accuracy(), thorough + " after " + quick);
      assertTrue(thorough.loss() >= quick.loss(), thorough + " after " + quick);
      assertTrue(quick.accuracy() < fast.points().get(i - 1).accuracy(), fast::toString);
    }
  }
}
