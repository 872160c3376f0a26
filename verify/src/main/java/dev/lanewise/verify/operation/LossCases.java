package dev.lanewise.verify.operation;

import static dev.lanewise.verify.operation.OperationCase.kinked;
import static dev.lanewise.verify.operation.OperationCase.smooth;

import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.loss.BinaryCrossEntropy;
import dev.lanewise.nn.loss.CrossEntropy;
import dev.lanewise.nn.loss.Labels;
import dev.lanewise.nn.loss.MeanAbsoluteError;
import dev.lanewise.nn.loss.MeanSquaredError;
import dev.lanewise.nn.loss.SmoothL1;
import dev.lanewise.verify.operation.OperationCase.Input;
import java.util.ArrayList;
import java.util.List;

/** Cases of the losses. */
final class LossCases {

  private static final Input SCORES = Input.of(3, 4).from(-2, 2);

  private LossCases() {}

  private interface Loss {
    Tensor of(Tensor x, Tensor target, Context context);
  }

  static List<OperationCase> all() {
    List<OperationCase> cases = new ArrayList<>();
    int[] labels = {2, 0, 3};
    cases.add(
        smooth(
            "losses",
            "cross-entropy",
            (in, c) -> CrossEntropy.of(in.getFirst(), labels, c),
            SCORES));
    CrossEntropy.Settings plain = CrossEntropy.Settings.PLAIN;
    List<Float> weights = List.of(0.5f, 2f, 1f, 3f);
    variant(cases, "smoothed cross-entropy", plain.smoothing(0.2f));
    variant(cases, "weighted cross-entropy", plain.classWeights(weights));
    variant(cases, "focal cross-entropy", plain.focus(2));
    variant(
        cases,
        "smoothed, weighted, focal cross-entropy",
        plain.smoothing(0.1f).classWeights(weights).focus(1.5f));
    add(cases, true, "binary cross-entropy", BinaryCrossEntropy::of);
    add(
        cases,
        true,
        "weighted binary cross-entropy",
        (x, target, c) -> BinaryCrossEntropy.weighted(x, target, 2.5, c));
    add(
        cases,
        true,
        "focal loss",
        (x, target, c) -> BinaryCrossEntropy.focal(x, target, 0.25, 2, c));
    add(cases, true, "mean squared error", MeanSquaredError::of);
    add(cases, false, "mean absolute error", MeanAbsoluteError::of);
    add(cases, false, "smooth L1", SmoothL1::of);
    return cases;
  }

  /** A cross-entropy of single labels, and of rows that are mixed of two. */
  private static void variant(
      List<OperationCase> cases, String name, CrossEntropy.Settings settings) {
    for (float share : new float[] {1, 0.7f}) {
      Labels labels = new Labels(new int[] {2, 0, 3}, new int[] {1, 0, 2}, share);
      cases.add(
          smooth(
              "losses",
              share == 1 ? name : name + " of mixed rows",
              (in, c) -> settings.of(in.getFirst(), labels, c),
              SCORES));
    }
  }

  /** A loss against zeros and ones in turn. */
  private static void add(List<OperationCase> cases, boolean smooth, String name, Loss loss) {
    float[] target = new float[12];
    for (int i = 0; i < target.length; i++) {
      target[i] = i % 2;
    }
    OperationCase.Forward forward = (in, c) -> loss.of(in.getFirst(), Tensor.of(target, 3, 4), c);
    cases.add(
        smooth ? smooth("losses", name, forward, SCORES) : kinked("losses", name, forward, SCORES));
  }
}
