package dev.lanewise.verify.golden;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.models.Models;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.loss.CrossEntropy;
import dev.lanewise.nn.op.Add;
import dev.lanewise.nn.op.Scale;
import dev.lanewise.nn.optim.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Trains as the file says and compares the losses, the first step's gradients and, for a network
 * small enough not to be chaotic in float32, the state afterwards.
 *
 * <p>Allowed: the first loss 1e-5 relative, the second 5e-3; each gradient norm 1e-2 relative (1e-6
 * absolute below 1e-6) and their median 1e-3; for lenet5 all losses and the state 1e-5. Beyond the
 * published rule the first values of a gradient must lie within 1e-2 of its norm, for a gradient
 * can have the right norm in the wrong places. Hence convolutions are plain sums here: Winograd's
 * rounding tips a rectifier now and then, which norms bear and single values don't.
 */
final class TrainingCheck {

  private static final double TIGHT = 1e-5;
  private static final double SECOND_LOSS = 5e-3;
  private static final double GRADIENT = 1e-2;
  private static final double MEDIAN_GRADIENT = 1e-3;
  private static final double TINY_NORM = 1e-6;
  private static final String STABLE_MODEL = "lenet5";
  private static final float AUXILIARY = 0.3f;
  private static final float MOMENTUM = 0.9f;
  private static final float WEIGHT_DECAY = 1e-4f;

  private final GoldenFile.Training golden;
  private final boolean stable;
  private final List<String> faults = new ArrayList<>();
  private double worstLoss;
  private double worstGradient;
  private double worstState;

  TrainingCheck(GoldenFile.Training golden) {
    this.golden = golden;
    stable = golden.model().equals(STABLE_MODEL);
  }

  Verdict run() {
    Network network =
        Models.create(golden.model(), Models.options(golden.model()).withoutDropping());
    GoldenWeights weights = new GoldenWeights(golden.salt());
    weights.fill(network.parameters());
    Tensor input = weights.input(golden.input());
    Optimizer optimizer = optimizer(network);
    Context context = Context.training(Workers.shared()).accuracy(Accuracy.STRICT);
    for (int step = 0; step < golden.losses().length; step++) {
      Tensor loss = loss(network.outputs(input, context), context);
      compareLoss(step, loss.item());
      optimizer.zeroGrad();
      loss.backward();
      if (step == 0) {
        compareGradients(network.parameters());
      }
      optimizer.step();
      context.recycle();
    }
    if (stable) {
      compareState(network.state());
    }
    String figures = "losses %.1e, gradient norms %.1e".formatted(worstLoss, worstGradient);
    return new Verdict(
        stable ? figures + ", state %.1e".formatted(worstState) : figures,
        faults.stream().findFirst());
  }

  /** That of the usual output, plus a share of that of each auxiliary head. */
  private Tensor loss(List<Tensor> outputs, Context context) {
    Tensor sum = CrossEntropy.of(outputs.getFirst(), golden.targets(), context);
    for (Tensor head : outputs.subList(1, outputs.size())) {
      Tensor loss = CrossEntropy.of(head, golden.targets(), context);
      sum = Add.apply(sum, Scale.apply(loss, AUXILIARY, 0, context), context);
    }
    return sum;
  }

  private Optimizer optimizer(Network network) {
    boolean sgd = golden.optimizer().equals("sgd");
    return Optimizer.create(
        golden.optimizer(),
        network.parameters().values(),
        (float) golden.rate(),
        sgd ? MOMENTUM : 0,
        sgd ? WEIGHT_DECAY : 0);
  }

  private void compareLoss(int step, double ours) {
    double allowed = stable || step == 0 ? TIGHT : step == 1 ? SECOND_LOSS : Double.MAX_VALUE;
    double expected = golden.losses()[step];
    double error = Math.abs(ours - expected) / Math.abs(expected);
    if (allowed < Double.MAX_VALUE) {
      worstLoss = Math.max(worstLoss, error);
    }
    require(error <= allowed, "loss before step %d is %s, golden %s", step, ours, expected);
  }

  private void compareGradients(Map<String, Tensor> parameters) {
    List<Double> errors = new ArrayList<>();
    golden
        .gradients()
        .forEach(
            (name, gradient) -> {
              Optional<float[]> values =
                  Optional.ofNullable(parameters.get(name)).map(Tensor::gradValues);
              require(values.isPresent(), "parameter %s is missing or has no gradient", name);
              values.ifPresent(v -> errors.add(compareGradient(name, gradient, v)));
            });
    double median = errors.stream().sorted().skip(errors.size() / 2).findFirst().orElse(0.0);
    require(median <= MEDIAN_GRADIENT, "median error of the gradient norms is %.2e", median);
  }

  private double compareGradient(String name, GoldenFile.Gradient gradient, float... ours) {
    double squares = 0;
    for (double value : ours) {
      squares += value * value;
    }
    double norm = Math.sqrt(squares);
    double difference = Math.abs(norm - gradient.l2());
    boolean tiny = gradient.l2() < TINY_NORM;
    double error = tiny ? 0 : difference / gradient.l2();
    worstGradient = Math.max(worstGradient, error);
    require(
        tiny ? difference <= TINY_NORM : error <= GRADIENT,
        "gradient of %s has norm %s, golden %s",
        name,
        norm,
        gradient.l2());
    for (int i = 0; i < gradient.first().length; i++) {
      require(
          Math.abs(ours[i] - gradient.first()[i]) <= Math.max(TINY_NORM, GRADIENT * gradient.l2()),
          "gradient of %s begins with %s, golden %s, at %d",
          name,
          ours[i],
          gradient.first()[i],
          i);
    }
    return error;
  }

  private void compareState(Map<String, Tensor> state) {
    golden
        .state()
        .forEach(
            (name, summary) -> {
              Tensor own = state.get(name);
              require(own != null, "%s is missing", name);
              if (own == null) {
                return;
              }
              Summary ours = Summary.of(own);
              worstState = Math.max(worstState, summary.error(ours));
              summary
                  .departure(ours, TIGHT)
                  .ifPresent(fault -> faults.add("after training, " + name + ": " + fault));
            });
  }

  // Error Prone's annotation for format strings would be a dependency.
  @SuppressWarnings("AnnotateFormatMethod")
  private void require(boolean holds, String fault, Object... values) {
    if (!holds) {
      faults.add(fault.formatted(values));
    }
  }
}
