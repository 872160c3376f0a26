package dev.lanewise.nn.train;

import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Network;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Finds out where a loss that is no longer finite began. */
final class LossFault {

  private LossFault() {}

  /**
   * Where the first value that is not finite stands: in the batch, in a parameter, which the update
   * before has spoilt, or else in the output of a layer, which overflowed.
   */
  static String find(Network network, Batch batch, Context context) {
    if (!finite(batch.input())) {
      return "the batch itself holds a value that is not finite";
    }
    Optional<String> parameter =
        network.parameters().entrySet().stream()
            .filter(entry -> !finite(entry.getValue()))
            .map(Map.Entry::getKey)
            .findFirst();
    if (parameter.isPresent()) {
      return "it began in the update of the step before, which left parameter %s not finite"
          .formatted(parameter.get());
    }
    return firstLayer(network, batch, context)
        .map("it began in layer %s, whose output is the first that is not finite"::formatted)
        .orElse("every layer's output is finite, the loss of the last one is not");
  }

  /** Runs the network again, watched. */
  private static Optional<String> firstLayer(Network network, Batch batch, Context context) {
    IdentityHashMap<Layer, String> names = new IdentityHashMap<>();
    network.layers().forEach((name, layer) -> names.put(layer, name));
    AtomicReference<String> first = new AtomicReference<>();
    context.recycle();
    context.observe(
        (layer, output) -> {
          if (first.get() == null && !finite(output)) {
            first.set(names.getOrDefault(layer, layer.getClass().getSimpleName()));
          }
        });
    network.forward(batch.input(), context);
    return Optional.ofNullable(first.get());
  }

  private static boolean finite(Tensor tensor) {
    for (float value : tensor.data()) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
