package dev.lanewise.verify.survey;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.loss.MeanSquaredError;
import dev.lanewise.nn.optim.ParameterGroups;
import dev.lanewise.nn.optim.Sgd;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A step of gradient descent, EfficientNet's compound scaling, the slope of leaky ReLU. */
final class RuleNumbers {

  private static final double ALPHA = 1.2;
  private static final double BETA = 1.1;
  private static final double GAMMA = 1.15;

  private RuleNumbers() {}

  static List<Worked> all() {
    return List.of(
        new Worked("a step of gradient descent", "0.9999 0.0001", RuleNumbers::descent),
        new Worked(
            "EfficientNet's alpha x beta^2 x gamma^2",
            "1.920",
            () -> format("%.3f", ALPHA * BETA * BETA * GAMMA * GAMMA)),
        new Worked(
            "EfficientNet's ideal depths, phi 0 to 7",
            "1.00 1.20 1.44 1.73 2.07 2.49 2.99 3.58",
            () ->
                IntStream.rangeClosed(0, 7)
                    .mapToObj(phi -> format("%.2f", Math.pow(ALPHA, phi)))
                    .collect(Collectors.joining(" "))),
        new Worked(
            "EfficientNet-B7's ideal width", "1.95", () -> format("%.2f", Math.pow(BETA, 7))),
        new Worked("leaky ReLU of -1 and 1", "-0.1 1.0", RuleNumbers::leaky));
  }

  /** Half the squared distance to a point has the distance as its gradient: (0.1, -0.1). */
  private static String descent() {
    Tensor theta = Tensor.parameter(1, 2);
    theta.data()[0] = 1;
    Tensor target = Tensor.of(new float[] {0.9f, 0.1f}, 1, 2);
    MeanSquaredError.of(theta, target, Context.training(Workers.shared())).backward();
    Sgd.Settings.of(0.001f).optimizer(ParameterGroups.of(List.of(theta)), Workers.shared()).step();
    return format("%.4f %.4f", theta.data()[0], theta.data()[1]);
  }

  private static String leaky() {
    Tensor input = Tensor.of(new float[] {-1, 1}, 1, 2);
    float[] output =
        Activate.leakyRelu().forward(input, Context.inference(Workers.shared())).values();
    return output[0] + " " + output[1];
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a dependency
  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
