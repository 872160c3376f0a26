package dev.lanewise.nn.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {

  private static ConfusionMatrix matrix() {
    ConfusionMatrix matrix = new ConfusionMatrix(List.of("cat", "dog", "owl"));
    int[][] answers = {{0, 0}, {0, 0}, {0, 1}, {1, 1}, {1, 0}, {0, 0}};
    for (int[] answer : answers) {
      matrix.add(answer[0], answer[1]);
    }
    return matrix;
  }

  @Test
  void figuresFollowTheirDefinitions() {
    ConfusionMatrix matrix = matrix();
    assertEquals(4.0 / 6, matrix.accuracy());
    assertEquals(3.0 / 4, matrix.precision(0));
    assertEquals(3.0 / 4, matrix.recall(0));
    assertEquals(1.0 / 2, matrix.precision(1));
    assertEquals(1.0 / 2, matrix.f1(1));
    assertEquals(0, matrix.precision(2));
    assertEquals(1.25 / 3, matrix.f1());
    assertEquals(1, matrix.count(1, 0));
  }

  @Test
  void showsItselfAsATable() {
    assertEquals(
        """
        actual  cat  dog  owl  precision   recall       F1
        ------  ---  ---  ---  ---------  -------  -------
        cat       3    1    0    75.00 %  75.00 %  75.00 %
        dog       1    1    0    50.00 %  50.00 %  50.00 %
        owl       0    0    0     0.00 %   0.00 %   0.00 %
        """,
        matrix().table().toString());
    assertEquals(
        "accuracy 66.67 %, precision 41.67 %, recall 41.67 %, F1 41.67 %", matrix().toString());
  }

  @Test
  void emptyOnesHaveNoAccuracyAndUnknownClassesAreRefused() {
    ConfusionMatrix empty = new ConfusionMatrix(List.of("a"));
    assertEquals(0, empty.accuracy());
    assertThrows(IllegalArgumentException.class, () -> empty.add(0, 1));
    assertThrows(IllegalArgumentException.class, () -> empty.add(-1, 0));
  }
}
