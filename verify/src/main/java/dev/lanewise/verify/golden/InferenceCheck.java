package dev.lanewise.verify.golden;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.models.Models;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.session.Session;
import dev.lanewise.nn.session.SessionOptions;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Compares parameter count, state-dict names and shapes, each leaf layer's output and the output.
 *
 * <p>With e = max |ours - golden| / max |golden|, and f what the reference itself loses when it
 * runs in float32, a tensor of plain sums passes at {@code e <= max(2e-5, 5 f)}, be it a layer's or
 * what a strict session computes; the output of a usual session, whose convolutions may be
 * Winograd's, at {@code e <= max(2e-4, 30 f)}.
 */
final class InferenceCheck {

  private final GoldenFile.Inference golden;
  private final double strict;
  private final double usual;

  InferenceCheck(GoldenFile.Inference golden) {
    this.golden = golden;
    strict = Math.max(2e-5, 5 * golden.float32Error());
    usual = Math.max(2e-4, 30 * golden.float32Error());
  }

  Verdict run() {
    Network network = Models.create(golden.model());
    GoldenWeights weights = new GoldenWeights(golden.salt());
    weights.fill(network.parameters());
    network.loadMatching(golden.statistics());
    Tensor input = weights.input(golden.input());

    IdentityHashMap<Object, Summary> seen = new IdentityHashMap<>();
    Context observed = Context.inference(Workers.shared()).accuracy(Accuracy.STRICT);
    observed.observe((layer, output) -> seen.computeIfAbsent(layer, l -> Summary.of(output)));
    Tensor strictOutput = network.forward(input, observed);
    float[] strictSession = session(network, input, Accuracy.STRICT);
    float[] usualSession = session(network, input, Accuracy.DEFAULT);

    Optional<String> fault =
        Stream.of(
                stateFault(network),
                layerFault(network, seen),
                shapeFault("output", golden.outputShape(), strictOutput.shape()),
                outputFault("output", strictOutput.values(), strict),
                outputFault("output of the strict session", strictSession, strict),
                outputFault("output of the usual session", usualSession, usual))
            .flatMap(Optional::stream)
            .findFirst();
    String figures =
        "layers %.1e, strict session %.1e of %.1e, usual session %.1e of %.1e"
            .formatted(
                error(strictOutput.values()),
                error(strictSession),
                strict,
                error(usualSession),
                usual);
    return new Verdict(figures, fault);
  }

  private static float[] session(Network network, Tensor input, Accuracy accuracy) {
    SessionOptions options = SessionOptions.defaults().withAccuracy(accuracy);
    try (Session session = Session.compile(network, options, input.shape())) {
      return session.run(input.values());
    }
  }

  private Optional<String> outputFault(String what, float[] output, double allowed) {
    double error = error(output);
    return error <= allowed
        ? Optional.empty()
        : Optional.of("%s: error %.2e, allowed %.2e".formatted(what, error, allowed));
  }

  private double error(float... values) {
    if (values.length != golden.output().length) {
      return Double.NaN;
    }
    double scale = Arrays.stream(golden.output()).map(Math::abs).max().orElse(0);
    double worst = 0;
    for (int i = 0; i < values.length; i++) {
      worst = Math.max(worst, Math.abs(values[i] - golden.output()[i]));
    }
    return worst / scale;
  }

  private Optional<String> stateFault(Network network) {
    if (network.parameterCount() != golden.parameters()) {
      return Optional.of(
          "%,d parameters, golden %,d".formatted(network.parameterCount(), golden.parameters()));
    }
    Map<String, Tensor> ours = network.state();
    for (Map.Entry<String, int[]> entry : golden.state().entrySet()) {
      String name = entry.getKey();
      Tensor own = ours.get(name);
      if (own == null) {
        return Optional.of(name + " is missing");
      }
      Optional<String> fault = shapeFault(name, entry.getValue(), own.shape());
      if (fault.isPresent()) {
        return fault;
      }
    }
    return ours.keySet().stream()
        .filter(name -> !golden.state().containsKey(name))
        .findFirst()
        .map(name -> name + " is not a name of the golden state");
  }

  private Optional<String> layerFault(Network network, IdentityHashMap<Object, Summary> seen) {
    Map<String, ?> leaves = network.leaves();
    for (Map.Entry<String, Summary> entry : golden.layers().entrySet()) {
      Object layer = leaves.get(entry.getKey());
      Summary ours = layer == null ? null : seen.get(layer);
      Optional<String> fault =
          ours == null
              ? Optional.of("is missing or never called")
              : entry.getValue().departure(ours, strict);
      if (fault.isPresent()) {
        return Optional.of("first layer that departs: " + entry.getKey() + ": " + fault.get());
      }
    }
    return Optional.empty();
  }

  private static Optional<String> shapeFault(String what, int[] golden, int... ours) {
    return Arrays.equals(golden, ours)
        ? Optional.empty()
        : Optional.of(
            "%s has shape %s, golden %s"
                .formatted(what, Arrays.toString(ours), Arrays.toString(golden)));
  }
}
