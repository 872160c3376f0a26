package dev.lanewise.nn.graph;

import java.util.List;
import java.util.Objects;

/**
 * An operator at its place in a graph.
 *
 * @param name the layer's full name
 * @param operator what is computed
 * @param inputs what it reads, in the operator's order
 * @param output what it makes
 */
public record Node(String name, Operator operator, List<Value> inputs, Value output) {

  /** Copies the list. */
  public Node {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(operator, "operator");
    Objects.requireNonNull(output, "output");
    inputs = List.copyOf(inputs);
  }

  /** The first input. */
  public Value input() {
    return inputs.getFirst();
  }
}
