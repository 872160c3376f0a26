package dev.lanewise.verify.operation;

import static dev.lanewise.verify.operation.OperationCase.kinked;
import static dev.lanewise.verify.operation.OperationCase.smooth;

import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.loss.BinaryCrossEntropy;
import dev.lanewise.nn.loss.CrossEntropy;
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
