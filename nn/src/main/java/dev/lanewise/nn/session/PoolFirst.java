package dev.lanewise.nn.session;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.nn.graph.Graph;
import dev.lanewise.nn.graph.Node;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.graph.Value;
import dev.lanewise.nn.op.Pooling;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Averages windows before a pointwise convolution instead of after it, as in the transitions of
 * DenseNet: both are linear and one works on pixels, the other on channels, so that their order is
 * free, and the convolution is left with a fraction of the pixels.
 */
final class PoolFirst {

  private PoolFirst() {}

  /** The graph with such pairs turned round; its values stay what they are. */
  static Graph of(Graph graph) {
    IdentityHashMap<Value, Integer> uses = new IdentityHashMap<>();
    IdentityHashMap<Value, Node> makers = new IdentityHashMap<>();
    for (Node node : graph.nodes()) {
      makers.put(node.output(), node);
      node.inputs().forEach(value -> uses.merge(value, 1, Integer::sum));
    }
    graph.outputs().forEach(value -> uses.merge(value, 1, Integer::sum));
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      Node before = node.inputs().isEmpty() ? null : makers.get(node.input());
      if (node.operator() instanceof Operator.Pool pool
          && averagesFewer(pool)
          && uses.get(node.input()) == 1
          && before != null
          && before.operator() instanceof Operator.Convolution convolution
          && pointwise(convolution.shape())) {
        nodes.remove(before);
        addTurned(before, convolution, node, pool, nodes);
      } else {
        nodes.add(node);
      }
    }
    return new Graph(graph.inputs(), nodes, graph.outputs());
  }

  /** Whether windows inside the input give fewer pixels than it has. */
  private static boolean averagesFewer(Operator.Pool pool) {
    List<Axis> axes = pool.shape().axes();
    long before = 1;
    long after = 1;
    for (Axis axis : axes) {
      before *= axis.input();
      after *= axis.output();
    }
    return pool.kind() instanceof Pooling.Kind.Average
        && !pool.shape().ceilMode()
        && axes.stream().allMatch(axis -> axis.padBefore() == 0 && axis.padAfter() == 0)
        && after < before;
  }

  private static boolean pointwise(ConvShape shape) {
    return shape.axes().stream().allMatch(axis -> axis.equals(Axis.of(axis.input(), 1)));
  }

  private static void addTurned(
      Node conv, Operator.Convolution operator, Node pool, Operator.Pool pooling, List<Node> to) {
    ConvShape shape = operator.shape();
    PoolShape windows =
        new PoolShape(shape.batch(), shape.inChannels(), pooling.shape().axes(), false);
    Value pooled = new Value(pool.name(), windows.outputDims());
    List<Axis> axes =
        pooling.shape().axes().stream().map(axis -> Axis.of(axis.output(), 1)).toList();
    ConvShape fewer =
        new ConvShape(shape.batch(), shape.inChannels(), shape.outChannels(), shape.groups(), axes);
    to.add(
        new Node(
            pool.name(),
            new Operator.Pool(windows, pooling.kind()),
            List.of(conv.input()),
            pooled));
    to.add(
        new Node(
            conv.name(),
            new Operator.Convolution(fewer, operator.weight(), operator.bias()),
            List.of(pooled),
            pool.output()));
  }
}
