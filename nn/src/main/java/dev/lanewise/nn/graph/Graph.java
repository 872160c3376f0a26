package dev.lanewise.nn.graph;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Nodes in an order in which they can be computed.
 *
 * @param inputs what is given
 * @param nodes each reads inputs of the graph and outputs of nodes before it
 * @param outputs what is wanted
 */
public record Graph(List<Value> inputs, List<Node> nodes, List<Value> outputs) {

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if a value is read before it is made, or made twice
   */
  public Graph {
    inputs = List.copyOf(inputs);
    nodes = List.copyOf(nodes);
    outputs = List.copyOf(outputs);
    Set<Value> known = identitySet();
    known.addAll(inputs);
    for (Node node : nodes) {
      for (Value input : node.inputs()) {
        Check.that(known.contains(input), "%s reads %s before it is made", node.name(), input);
      }
      Check.that(known.add(node.output()), "%s is made twice", node.output());
    }
    for (Value output : outputs) {
      Check.that(known.contains(output), "nothing makes the output %s", output);
    }
  }

  /** This graph without nodes that no output depends on. */
  public Graph live() {
    Set<Value> wanted = identitySet();
    wanted.addAll(outputs);
    List<Node> kept = new ArrayList<>();
    for (Node node : nodes.reversed()) {
      if (wanted.contains(node.output())) {
        wanted.addAll(node.inputs());
        kept.addFirst(node);
      }
    }
    return new Graph(inputs, kept, outputs);
  }

  /**
   * Computes the outputs, node by node.
   *
   * @throws IllegalArgumentException if there are more or fewer tensors than inputs
   */
  public List<Tensor> forward(List<Tensor> given, Context context) {
    Check.that(
        given.size() == inputs.size(), "%d inputs, got %d tensors", inputs.size(), given.size());
    IdentityHashMap<Value, Tensor> tensors = new IdentityHashMap<>();
    for (int i = 0; i < given.size(); i++) {
      given.get(i).requireShape(inputs.get(i).name(), inputs.get(i).shape());
      tensors.put(inputs.get(i), given.get(i));
    }
    for (Node node : nodes) {
      List<Tensor> read = node.inputs().stream().map(tensors::get).toList();
      tensors.put(node.output(), node.operator().apply(read, context));
    }
    return outputs.stream().map(tensors::get).toList();
  }

  /** The most convolutions and dense layers one after the other: the depth that names tell. */
  public int depth() {
    IdentityHashMap<Value, Integer> depths = new IdentityHashMap<>();
    inputs.forEach(input -> depths.put(input, 0));
    int deepest = 0;
    for (Node node : nodes) {
      int before = node.inputs().stream().mapToInt(depths::get).max().orElse(0);
      boolean weighs =
          node.operator() instanceof Operator.Convolution
              || node.operator() instanceof Operator.Linear;
      int depth = before + (weighs ? 1 : 0);
      depths.put(node.output(), depth);
      deepest = Math.max(deepest, depth);
    }
    return deepest;
  }

  private static Set<Value> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }
}
