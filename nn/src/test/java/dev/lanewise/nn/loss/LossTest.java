package dev.lanewise.nn.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import org.junit.jupiter.api.Test;

class LossTest {

  private final Context context = Context.inference(Workers.shared());

  @Test
  void crossEntropyOfEqualScoresIsTheLogarithmOfTheClasses() {
    Tensor scores = Tensor.of(new float[] {3, 3, 3, 3, -1, -1, -1, -1}, 2, 4);
    assertEquals(Math.log(4), CrossEntropy.of(scores, new int[] {0, 3}, context).item(), 1e-7);
  }

  @Test
  void hugeScoresDoNotOverflow() {
    Tensor scores = Tensor.of(new float[] {3e38f, -3e38f}, 1, 2);
    assertEquals(0, CrossEntropy.of(scores, new int[] {0}, context).item());
    assertArrayEquals(new float[] {1, 0}, CrossEntropy.probabilities(scores));
  }

  @Test
  void probabilitiesOfARowAddUpToOne() {
    Tensor scores = Tensor.of(new float[] {0, (float) Math.log(3)}, 1, 2);
    assertArrayEquals(new float[] {0.25f, 0.75f}, CrossEntropy.probabilities(scores), 1e-7f);
  }

  @Test
  void squaredErrorIsTheMeanOverAllElements() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    assertEquals(7.5f, MeanSquaredError.of(x, Tensor.zeros(2, 2), context).item());
  }

  @Test
  void refusesLabelsAndTargetsThatDoNotFit() {
    Tensor scores = Tensor.zeros(2, 3);
    assertEquals(
        "1 labels for 2 rows of scores",
        assertThrows(
                IllegalArgumentException.class,
                () -> CrossEntropy.of(scores, new int[] {1}, context))
            .getMessage());
    assertEquals(
        "label 3 is not one of 3 classes",
        assertThrows(
                IllegalArgumentException.class,
                () -> CrossEntropy.of(scores, new int[] {0, 3}, context))
            .getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> MeanSquaredError.of(scores, Tensor.zeros(3, 2), context));
  }
}
