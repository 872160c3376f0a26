package dev.lanewise.nn.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

  @Test
  void smoothedWeightedAndMixedLabelsFollowTheirDefinition() {
    float[] x = {0.5f, -1, 2};
    double sum = Math.exp(0.5) + Math.exp(-1) + Math.exp(2);
    double[] surprise = {Math.log(sum) - 0.5, Math.log(sum) + 1, Math.log(sum) - 2};
    Tensor scores = Tensor.of(x, 1, 3);
    CrossEntropy.Settings plain = CrossEntropy.Settings.PLAIN;
    Labels first = Labels.of(0);
    assertEquals(
        0.8 * surprise[0] + 0.2 / 3 * (surprise[0] + surprise[1] + surprise[2]),
        plain.smoothing(0.2f).of(scores, first, context).item(),
        1e-6);
    Labels mixed = new Labels(new int[] {0}, new int[] {2}, 0.3f);
    assertEquals(
        0.3 * surprise[0] + 0.7 * surprise[2], plain.of(scores, mixed, context).item(), 1e-6);
    assertEquals(
        (0.3 * 4 * surprise[0] + 0.7 * 5 * surprise[2]) / (0.3 * 4 + 0.7 * 5),
        plain.classWeights(List.of(4f, 1f, 5f)).of(scores, mixed, context).item(),
        1e-6);
    double p = Math.exp(0.5) / sum;
    assertEquals(
        (1 - p) * (1 - p) * surprise[0], plain.focus(2).of(scores, first, context).item(), 1e-6);
  }

  static Stream<CrossEntropy.Settings> variants() {
    CrossEntropy.Settings plain = CrossEntropy.Settings.PLAIN;
    return Stream.of(
        plain,
        plain.smoothing(0.1f),
        plain.classWeights(List.of(0.5f, 2f, 1f)),
        plain.focus(2),
        plain.smoothing(0.2f).classWeights(List.of(1f, 3f, 0.1f)).focus(0.5f));
  }

  /** Against central differences; the loss is in single precision, hence the wide step. */
  @ParameterizedTest
  @MethodSource("variants")
  void gradientIsTheSlopeOfTheLoss(CrossEntropy.Settings settings) {
    Tensor x = Tensor.parameter(2, 3);
    System.arraycopy(new float[] {0.3f, -0.8f, 1.1f, 0.2f, 0.9f, -0.4f}, 0, x.data(), 0, 6);
    Labels labels = new Labels(new int[] {0, 1}, new int[] {2, 1}, 0.7f);
    settings.of(x, labels, Context.training(Workers.shared())).backward();
    float step = 1e-2f;
    for (int i = 0; i < 6; i++) {
      float value = x.data()[i];
      x.data()[i] = value + step;
      double above = settings.of(x, labels, context).item();
      x.data()[i] = value - step;
      double below = settings.of(x, labels, context).item();
      x.data()[i] = value;
      assertEquals((above - below) / (2 * step), x.grad()[i], 1e-4, "element " + i);
    }
  }

  static Stream<PointLoss.Rule> rules() {
    return Stream.of(
        MeanSquaredError.RULE,
        MeanAbsoluteError.RULE,
        SmoothL1.rule(0.7),
        BinaryCrossEntropy.weighted(1),
        BinaryCrossEntropy.weighted(3),
        BinaryCrossEntropy.focal(0.25, 2),
        BinaryCrossEntropy.focal(0.6, 0));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void slopeOfARuleIsItsDerivative(PointLoss.Rule rule) {
    double step = 1e-5;
    for (double x = -3.05; x < 3; x += 0.1) {
      for (double t : new double[] {0, 0.3, 1}) {
        double slope = (rule.value(x + step, t) - rule.value(x - step, t)) / (2 * step);
        assertEquals(slope, rule.slope(x, t), 1e-8, "x %s, target %s".formatted(x, t));
      }
    }
  }

  @Test
  void pointLossesFollowTheirDefinition() {
    Tensor x = Tensor.of(new float[] {2, -3, 0.5f, 0}, 4);
    Tensor t = Tensor.of(new float[] {1, 0, 0.5f, 1}, 4);
    assertEquals((1 + 3 + 0 + 1) / 4.0, MeanAbsoluteError.of(x, t, context).item(), 1e-7);
    assertEquals((0.5 + 2.5 + 0 + 0.5) / 4, SmoothL1.of(x, t, context).item(), 1e-7);
    double[] p = {s(2), s(-3), s(0.5), s(0)};
    double[] each = {
      -Math.log(p[0]),
      -Math.log(1 - p[1]),
      -0.5 * (Math.log(p[2]) + Math.log(1 - p[2])),
      Math.log(2)
    };
    assertEquals(
        (each[0] + each[1] + each[2] + each[3]) / 4,
        BinaryCrossEntropy.of(x, t, context).item(),
        1e-6);
    double focal =
        0.25 * (1 - p[0]) * each[0]
            + 0.75 * p[1] * each[1]
            - 0.5 * (0.25 * (1 - p[2]) * Math.log(p[2]) + 0.75 * p[2] * Math.log(1 - p[2]))
            + 0.25 * 0.5 * each[3];
    assertEquals(focal / 4, BinaryCrossEntropy.focal(x, t, 0.25, 1, context).item(), 1e-6);
  }

  private static double s(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Test
  void hugeLogitsDoNotOverflow() {
    Tensor x = Tensor.of(new float[] {3e38f, -3e38f}, 2);
    Tensor t = Tensor.of(new float[] {1, 0}, 2);
    assertEquals(0, BinaryCrossEntropy.of(x, t, context).item());
    assertEquals(0, BinaryCrossEntropy.focal(x, t, 0.25, 2, context).item());
  }

  @Test
  void refusesSettingsOutOfRange() {
    CrossEntropy.Settings plain = CrossEntropy.Settings.PLAIN;
    assertThrows(IllegalArgumentException.class, () -> plain.smoothing(1));
    assertThrows(IllegalArgumentException.class, () -> plain.focus(-1));
    assertThrows(IllegalArgumentException.class, () -> plain.classWeights(List.of(1f, 0f)));
    CrossEntropy.Settings two = plain.classWeights(List.of(1f, 2f));
    assertEquals(
        "2 class weights for 3 classes",
        assertThrows(
                IllegalArgumentException.class,
                () -> two.of(Tensor.zeros(1, 3), Labels.of(0), context))
            .getMessage());
    Tensor x = Tensor.zeros(1);
    Tensor above = Tensor.of(new float[] {2}, 1);
    assertThrows(IllegalArgumentException.class, () -> BinaryCrossEntropy.of(x, above, context));
    assertThrows(IllegalArgumentException.class, () -> SmoothL1.of(x, x, 0, context));
  }
}
