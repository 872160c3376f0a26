package dev.lanewise.nn.layer;

import dev.lanewise.nn.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How values by name fit a network's state.
 *
 * @param matching names whose values fit
 * @param missing names of the network for which there is no value
 * @param unexpected names of values that the network does not have
 * @param misshaped what is wrong with values of another shape, one line each
 */
public record StateFit(
    List<String> matching, List<String> missing, List<String> unexpected, List<String> misshaped) {

  /** A counter that PyTorch keeps in each batch norm and only a norm without momentum reads. */
  private static final String COUNTER = "num_batches_tracked";

  /** Compares names and shapes. */
  static StateFit of(Map<String, Tensor> state, Map<String, Tensor> values) {
    List<String> matching = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    List<String> misshaped = new ArrayList<>();
    state.forEach(
        (name, own) -> {
          Tensor value = values.get(name);
          if (value == null) {
            missing.add(name);
          } else if (Arrays.equals(own.shape(), value.shape())) {
            matching.add(name);
          } else {
            misshaped.add(
                "%s has shape %s, not %s"
                    .formatted(name, Tensor.text(own.shape()), Tensor.text(value.shape())));
          }
        });
    List<String> unexpected =
        values.keySet().stream()
            .filter(name -> !state.containsKey(name) && !name.endsWith(COUNTER))
            .sorted()
            .toList();
    return new StateFit(matching, missing, unexpected, misshaped);
  }

  /** Whether every name has its value and there is no other. */
  public boolean complete() {
    return missing.isEmpty() && unexpected.isEmpty() && misshaped.isEmpty();
  }

  /** What does not fit, in words. */
  @Override
  public String toString() {
    List<String> faults = new ArrayList<>();
    if (!missing.isEmpty()) {
      faults.add("missing " + String.join(", ", missing));
    }
    if (!unexpected.isEmpty()) {
      faults.add("unexpected " + String.join(", ", unexpected));
    }
    faults.addAll(misshaped);
    return faults.isEmpty() ? "all fit" : String.join("; ", faults);
  }
}
