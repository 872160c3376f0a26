package dev.lanewise.models.weights;

import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Weights of a format that gives each tensor its name. */
record NamedWeights(Path file, Map<String, Tensor> named) implements Weights {

  /** What wrappers put before every name: DataParallel, torch.compile, Lightning modules. */
  private static final List<String> PREFIXES = List.of("module.", "_orig_mod.", "model.");

  NamedWeights {
    named = withoutPrefix(named);
  }

  private static Map<String, Tensor> withoutPrefix(Map<String, Tensor> tensors) {
    Map<String, Tensor> bare = tensors;
    for (Optional<String> prefix = common(bare.keySet());
        prefix.isPresent();
        prefix = common(bare.keySet())) {
      int length = prefix.get().length();
      Map<String, Tensor> shorter = new LinkedHashMap<>();
      bare.forEach((name, tensor) -> shorter.put(name.substring(length), tensor));
      bare = shorter;
    }
    return bare;
  }

  private static Optional<String> common(Set<String> names) {
    return PREFIXES.stream()
        .filter(prefix -> !names.isEmpty() && names.stream().allMatch(n -> n.startsWith(prefix)))
        .findFirst();
  }

  @Override
  public Map<String, Tensor> of(Network network) throws IOException {
    Set<String> state = network.state().keySet();
    Map<String, Tensor> values = new LinkedHashMap<>(named);
    for (Map.Entry<String, Tensor> tensor : values.entrySet()) {
      if (state.contains(tensor.getKey())) {
        tensor.setValue(Finite.require(file, tensor.getKey(), tensor.getValue()));
      }
    }
    return values;
  }
}
