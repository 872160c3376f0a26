package dev.lanewise.nn.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.nn.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RankingTest {

  /** The example of scikit-learn's documentation for both figures. */
  @Test
  void publishedExample() {
    Ranking ranking = new Ranking(new float[] {0.1f, 0.4f, 0.35f, 0.8f}, false, false, true, true);
    assertEquals(0.75, ranking.rocAuc(), 1e-12);
    assertEquals(0.8333333333, ranking.averagePrecision(), 1e-9);
  }

  @Test
  void aucIsTheFractionOfPairsInOrderWithTiesCountingHalf() {
    Random random = new Random(4);
    float[] scores = new float[60];
    boolean[] positive = new boolean[60];
    for (int i = 0; i < 60; i++) {
      scores[i] = random.nextInt(12);
      positive[i] = random.nextInt(12) < scores[i];
    }
    double pairs = 0;
    double right = 0;
    for (int i = 0; i < 60; i++) {
      for (int j = 0; j < 60; j++) {
        if (positive[i] && !positive[j]) {
          pairs++;
          right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
        }
      }
    }
    assertEquals(right / pairs, new Ranking(scores, positive).rocAuc(), 1e-12);
  }

  @Test
  void refusesOneKindAloneAndScoresThatAreNoNumbers() {
    Ranking onlyPositive = new Ranking(new float[] {1}, true);
    assertThrows(IllegalStateException.class, onlyPositive::rocAuc);
    assertEquals(1, onlyPositive.averagePrecision());
    assertThrows(
        IllegalStateException.class, () -> new Ranking(new float[] {1}, false).averagePrecision());
    assertThrows(IllegalArgumentException.class, () -> new Ranking(new float[] {Float.NaN}, true));
    assertThrows(IllegalArgumentException.class, () -> new Ranking(new float[2], true));
  }

  @Test
  void topKCountsRowsWhoseClassIsAmongTheBest() {
    Tensor scores = Tensor.of(new float[] {3, 2, 1, 0, 0, 0, 1, 2, 2}, 3, 3);
    int[] labels = {1, 1, 2};
    assertEquals(0, TopK.accuracy(scores, labels, 1));
    assertEquals(1, TopK.accuracy(scores, labels, 2));
    assertEquals(1 / 3.0, TopK.accuracy(scores, new int[] {0, 1, 2}, 1));
    assertThrows(IllegalArgumentException.class, () -> TopK.accuracy(scores, labels, 0));
    assertThrows(
        IllegalArgumentException.class, () -> TopK.accuracy(scores, new int[] {0, 1, 3}, 1));
  }

  @Test
  void microFiguresCountAllLabelsTogetherMacroFiguresEachAlike() {
    LabelCounts counts = new LabelCounts(2);
    counts.add(new boolean[] {true, false}, true, true);
    counts.add(new boolean[] {true, true}, true, false);
    counts.add(new boolean[] {true, false}, false, false);
    // Label 0: 2 right, 1 missed. Label 1: 1 false, 1 missed.
    assertEquals(new LabelCounts.Figures(1, 2 / 3.0, 0.8), counts.of(0));
    assertEquals(new LabelCounts.Figures(0, 0, 0), counts.of(1));
    assertEquals(new LabelCounts.Figures(2 / 3.0, 0.5, 4 / 7.0), counts.micro());
    assertEquals(new LabelCounts.Figures(0.5, 1 / 3.0, 0.4), counts.macro());
    assertThrows(
        IllegalArgumentException.class, () -> counts.add(new boolean[] {true}, true, false));
  }
}
