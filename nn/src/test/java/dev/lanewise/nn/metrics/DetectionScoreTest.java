package dev.lanewise.nn.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.nn.metrics.DetectionScore.Box;
import java.util.List;
import org.junit.jupiter.api.Test;

class DetectionScoreTest {

  private static final Box UNIT = new Box(0, 0, 1, 1);

  @Test
  void overlapIsIntersectionOverUnion() {
    assertEquals(1, UNIT.iou(UNIT));
    assertEquals(1 / 3.0, UNIT.iou(new Box(0.5, 0, 1.5, 1)), 1e-12);
    assertEquals(1 / 7.0, UNIT.iou(new Box(0.5, 0.5, 1.5, 1.5)), 1e-12);
    assertEquals(0, UNIT.iou(new Box(1, 0, 2, 1)));
    assertThrows(IllegalArgumentException.class, () -> new Box(1, 0, 0, 1));
  }

  /** Worked by hand: answers right, wrong, right of three objects. */
  @Test
  void averagePrecisionIsTheAreaUnderTheBestPrecision() {
    DetectionScore score = new DetectionScore(2);
    score.addTruth(0, 0, UNIT);
    score.addTruth(1, 0, UNIT);
    score.addTruth(2, 0, UNIT);
    score.addAnswer(0, 0, UNIT, 0.9);
    score.addAnswer(0, 0, UNIT, 0.8);
    score.addAnswer(1, 0, UNIT, 0.7);
    double expected = (1 + 2 / 3.0) / 3;
    assertEquals(expected, score.averagePrecision(0, 0.5), 1e-12);
    assertEquals(expected, score.meanAveragePrecision(0.5), 1e-12);
    score.addTruth(0, 1, UNIT);
    assertEquals(expected / 2, score.meanAveragePrecision(0.5), 1e-12);
  }

  @Test
  void looseBoxesCountAtLowThresholdsOnly() {
    DetectionScore score = new DetectionScore(1);
    score.addTruth(0, 0, UNIT);
    score.addAnswer(0, 0, new Box(0, 0, 1, 0.72), 1);
    assertEquals(1, score.meanAveragePrecision(0.7));
    assertEquals(0, score.meanAveragePrecision(0.75));
    assertEquals(0.5, score.meanAveragePrecision(), 1e-12);
  }

  @Test
  void anAnswerFindsTheObjectItOverlapsMost() {
    DetectionScore score = new DetectionScore(1);
    score.addTruth(0, 0, new Box(0, 0, 1, 1));
    score.addTruth(0, 0, new Box(0.2, 0, 1.2, 1));
    score.addAnswer(0, 0, new Box(0.2, 0, 1.2, 1), 0.9);
    score.addAnswer(0, 0, new Box(0, 0, 1, 1), 0.8);
    assertEquals(1, score.meanAveragePrecision(0.9));
  }

  @Test
  void pixelsOfASegmentationAreScoredByTheirConfusion() {
    ConfusionMatrix pixels = new ConfusionMatrix(List.of("sky", "sea", "moon"));
    int[][] seen = {{0, 0}, {0, 0}, {0, 1}, {1, 1}};
    for (int[] pixel : seen) {
      pixels.add(pixel[0], pixel[1]);
    }
    assertEquals(2 / 3.0, pixels.iou(0), 1e-12);
    assertEquals(0.5, pixels.iou(1), 1e-12);
    assertEquals((2 / 3.0 + 0.5) / 2, pixels.meanIou(), 1e-12);
  }
}
