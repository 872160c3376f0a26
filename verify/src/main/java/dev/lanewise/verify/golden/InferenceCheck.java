package dev.lanewise.verify.golden;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.models.Models;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.Network;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Compares parameter count, state-dict names and shapes, each leaf layer's output and the output.
 *
 * <p>With e = max |ours - golden| / max |golden|, a tensor passes at {@code e <= max(2e-5, 5 f)}
 * where f is what the reference itself loses when it runs in float32.
 */
final class InferenceCheck {

  private static final double LEAST_ALLOWED = 2e-5;
  private static final double ALLOWED_FLOAT32_ERRORS = 5;

  private final GoldenFile.Inference golden;
  private final double allowed;

  InferenceCheck(GoldenFile.Inference golden) {
    this.golden = golden;
    allowed = Math.max(LEAST_ALLOWED, ALLOWED_FLOAT32_ERRORS * golden.float32Error());
  }

  Verdict run() {
    Network network = Models.create(golden.model());
    GoldenWeights weights = new GoldenWeights(golden.salt());
    weights.fill(network.parameters());
    network.loadMatching(golden.statistics());
    IdentityHashMap<Object, Summary> seen = new IdentityHashMap<>();
    Context context = Context.inference(Workers.shared());
    context.observe((layer, output) -> seen.computeIfAbsent(layer, l -> Summary.of(output)));
    Tensor output = network.forward(weights.input(golden.input()), context);

    double error = error(output);
    Optional<String> fault =
        Stream.of(
                stateFault(network),
                layerFault(network, seen),
                shapeFault("output", golden.outputShape(), output.shape()),
                error <= allowed
                    ? Optional.<String>empty()
                    : Optional.of("output: error %.2e, allowed %.2e".formatted(error, allowed)))
            .flatMap(Optional::stream)
            .findFirst();
    return new Verdict("output %.1e of %.1e".formatted(error, allowed), fault);
  }

  private double error(Tensor output) {
    float[] values = output.values();
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
              : entry.getValue().departure(ours, allowed);
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
