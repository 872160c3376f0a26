package dev.lanewise.nn.session;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.nn.graph.Graph;
import dev.lanewise.nn.graph.Node;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.graph.Value;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Makes stages of nodes: a batch norm is folded into the convolution before it; an activation and
 * the sum with a residual become its epilogue; what changes nothing falls away. Pairs of stages may
 * become one.
 */
final class Fusion {

  private final IdentityHashMap<Value, Value> same = new IdentityHashMap<>();
  private final IdentityHashMap<Value, Integer> uses = new IdentityHashMap<>();
  private final IdentityHashMap<Value, Stage> makers = new IdentityHashMap<>();
  private final List<Stage> stages = new ArrayList<>();

  private Fusion(Graph graph) {
    for (Node node : graph.nodes()) {
      if (changesNothing(node)) {
        same.put(node.output(), original(node.input()));
      } else {
        node.inputs().forEach(value -> uses.merge(original(value), 1, Integer::sum));
      }
    }
    graph.outputs().forEach(value -> uses.merge(original(value), 1, Integer::sum));
    for (Node node : graph.nodes()) {
      if (!changesNothing(node)) {
        add(node, node.inputs().stream().map(this::original).toList());
      }
    }
  }

  /** The stages of a graph all of whose nodes are needed. */
  static Fusion of(Graph graph) {
    return new Fusion(graph);
  }

  List<Stage> stages() {
    return List.copyOf(stages);
  }

  /**
   * Has stages compute the stage before them as well, if they alone read it and it pays.
   *
   * @param pays whether a stage and the one that reads it are better computed in one call
   */
  void pair(BiPredicate<Stage, Stage> pays) {
    for (Stage second : stages()) {
      Stage first = second.operands().isEmpty() ? null : soleMaker(second.operands().getFirst());
      if (first != null && pays.test(first, second)) {
        second.follow(first);
        stages.remove(first);
      }
    }
  }

  /** The value that a value is another name of. */
  Value original(Value value) {
    return same.getOrDefault(value, value);
  }

  /** A flatten too, where the one pixel of one sample is its row already. */
  private static boolean changesNothing(Node node) {
    return switch (node.operator()) {
      case Operator.Identity() -> true;
      case Operator.Flatten() -> node.output().dim(0) == 1 && onePixel(node.input());
      default -> false;
    };
  }

  private static boolean onePixel(Value value) {
    for (int axis = 2; axis < value.rank(); axis++) {
      if (value.dim(axis) != 1) {
        return false;
      }
    }
    return true;
  }

  private void add(Node node, List<Value> inputs) {
    boolean fused =
        switch (node.operator()) {
          case Operator.BatchNorm norm -> fold(norm, inputs.getFirst(), node.output());
          case Operator.Activate(Activation activation) ->
              activate(activation, inputs.getFirst(), node.output());
          case Operator.Sum(Activation activation) ->
              add(inputs.getFirst(), inputs.getLast(), activation, node.output());
          default -> false;
        };
    if (!fused) {
      stages.add(new Stage(node, inputs));
      makers.put(node.output(), stages.getLast());
    }
  }

  private boolean fold(Operator.BatchNorm norm, Value input, Value output) {
    Stage maker = soleMaker(input);
    boolean folds =
        maker != null
            && maker.operator() instanceof Operator.Convolution
            && maker.norm() == null
            && maker.bare();
    if (folds) {
      maker.fold(norm, output);
      makers.put(output, maker);
    }
    return folds;
  }

  private boolean activate(Activation activation, Value input, Value output) {
    Stage maker = soleMaker(input);
    boolean takes =
        maker != null
            && maker.activation().equals(Activation.IDENTITY)
            && switch (maker.operator()) {
              case Operator.Convolution _, Operator.Linear _, Operator.BatchNorm _ -> true;
              default -> false;
            };
    if (takes) {
      maker.activate(activation, output);
      makers.put(output, maker);
    }
    return takes;
  }

  /**
   * The later of both is computed when the other is there; the earlier may be, for nobody but the
   * sum reads it.
   */
  private boolean add(Value a, Value b, Activation activation, Value output) {
    boolean second = stages.indexOf(makers.get(b)) > stages.indexOf(makers.get(a));
    Value later = second ? b : a;
    Value earlier = second ? a : b;
    return a != b
        && (takes(later, earlier, activation, output) || takes(earlier, later, activation, output));
  }

  private boolean takes(Value sum, Value residual, Activation activation, Value output) {
    Stage maker = soleMaker(sum);
    boolean takes =
        maker != null && maker.operator() instanceof Operator.Convolution && maker.bare();
    if (takes) {
      maker.add(residual, activation, output);
      makers.put(output, maker);
      stages.remove(maker);
      stages.add(maker);
    }
    return takes;
  }

  /** The stage whose output is read once, or null. */
  private Stage soleMaker(Value value) {
    return uses.get(value) == 1 ? makers.get(value) : null;
  }
}
