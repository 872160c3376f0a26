package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.ElementType;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Graph;
import dev.lanewise.nn.graph.Node;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/** The nodes of a graph in the making. */
public final class Nodes {

  /** Floats of one value; a gigabyte. */
  private static final long MOST_ELEMENTS = 1L << 28;

  /** Floats of all values: what a hostile file can have a run compute. */
  private static final long MOST_TOGETHER = 1L << 33;

  private final List<Value> inputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final IdentityHashMap<Value, Node> makers = new IdentityHashMap<>();
  private long elements;

  /** An input of the graph. */
  public Operand.Open input(String name, ElementType type, int... dims) {
    inputs.add(value(name, dims));
    return new Operand.Open(inputs.getLast(), type);
  }

  private Value value(String name, int... dims) {
    long size = 1;
    for (int dim : dims) {
      Check.that(dim >= 1, "%s has no elements: %s", name, Arrays.toString(dims));
      size = Math.min(size * dim, Integer.MAX_VALUE);
    }
    elements += size;
    Check.that(
        size <= MOST_ELEMENTS && elements <= MOST_TOGETHER,
        "%s has %s elements, of which one value may have %d and all together %d",
        name,
        Arrays.toString(dims),
        MOST_ELEMENTS,
        MOST_TOGETHER);
    return new Value(name, dims);
  }

  /**
   * Adds an operator.
   *
   * @param call what it computes, or a part of it
   * @param dims of its output, which has the first input's type
   */
  Operand.Open add(Call call, Operator operator, int[] dims, Operand.Open... operands) {
    return add(call, operator, operands[0].type(), dims, operands);
  }

  private Operand.Open add(
      Call call, Operator operator, ElementType type, int[] dims, Operand.Open... operands) {
    Value output = value(call.name(), dims);
    List<Value> read = Arrays.stream(operands).map(Operand.Open::value).toList();
    nodes.add(new Node(call.name(), operator, read, output));
    makers.put(output, nodes.getLast());
    return new Operand.Open(output, type);
  }

  /** Adds a function of the open operands of a call, which runs as it stands. */
  Operand.Open some(Call call, ElementType type, int[] dims, Operator.Function function) {
    Operand.Open[] open =
        call.operands().stream()
            .flatMap(Optional::stream)
            .filter(Operand.Open.class::isInstance)
            .map(Operand.Open.class::cast)
            .toArray(Operand.Open[]::new);
    return add(call, new Operator.Other(call.operator(), function), type, dims, open);
  }

  /** Adds a function of all operands of a call, none of which may be left out. */
  Operand.Open all(Call call, int[] dims, Operator.Function function) {
    Tensor[] known = new Tensor[call.operands().size()];
    for (int i = 0; i < known.length; i++) {
      known[i] = call.isOpen(i) ? null : call.parameter(i);
    }
    return some(
        call,
        call.operand(0).type(),
        dims,
        (read, context) -> function.apply(merged(known, read), context));
  }

  private static List<Tensor> merged(Tensor[] known, List<Tensor> read) {
    List<Tensor> all = new ArrayList<>();
    int next = 0;
    for (Tensor tensor : known) {
      all.add(tensor == null ? read.get(next++) : tensor);
    }
    return all;
  }

  /** The node that makes a value, unless it is an input. */
  Optional<Node> maker(Operand.Open operand) {
    return Optional.ofNullable(makers.get(operand.value()));
  }

  /** The graph of what was added. */
  public Graph graph(List<Value> outputs) {
    return new Graph(inputs, nodes, outputs);
  }
}
