package dev.lanewise.nn.layer;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Graph;
import dev.lanewise.nn.graph.Node;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.graph.Value;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A named architecture with its parameters. */
public final class Network {

  private final String name;
  private final int[] inputShape;
  private final Sequential body;
  private Initializer initializer = new Initializer.FanInUniform();

  /**
   * A network around its layers.
   *
   * @param name the registry's name, such as {@code lenet5}
   * @param inputShape the usual input of one sample, {@code [channels, height, width]}
   * @param body the layers
   */
  public Network(String name, int[] inputShape, Sequential body) {
    this.name = Objects.requireNonNull(name, "name");
    this.inputShape = inputShape.clone();
    this.body = Objects.requireNonNull(body, "body");
  }

  /** The registry's name. */
  public String name() {
    return name;
  }

  /** The usual input of one sample, {@code [channels, height, width]}. */
  public int[] inputShape() {
    return inputShape.clone();
  }

  /** The layers. */
  public Sequential body() {
    return body;
  }

  /**
   * The network up to a layer, of the same layers: its output are features of its input.
   *
   * @param layer name of the first layer that is left out
   * @throws IllegalArgumentException if there is no layer of that name
   */
  public Network before(String layer) {
    return new Network(name + "-before-" + layer, inputShape, body.before(layer));
  }

  /**
   * The network with another layer in place of one, and the same layers otherwise: a new head for
   * other classes, whose values are zero until they are set.
   *
   * @param path the full name of the layer, such as {@code fc} or {@code classifier.1}
   * @throws IllegalArgumentException if there is no layer of that name
   */
  public Network with(String path, Layer layer) {
    return new Network(name, inputShape, body.with(path, layer)).initializer(initializer);
  }

  /** The usual input of a batch, {@code [batch, channels, height, width]}. */
  public int[] batchShape(int batch) {
    int[] shape = new int[inputShape.length + 1];
    shape[0] = batch;
    System.arraycopy(inputShape, 0, shape, 1, inputShape.length);
    return shape;
  }

  /**
   * What the network computes in use, for inputs of a shape. The graph shares the network's
   * parameters.
   *
   * @param inputShape {@code [batch, channels, spatial...]}
   * @throws IllegalArgumentException if the shape does not fit the network
   */
  public Graph graph(int... inputShape) {
    Value input = new Value("input", inputShape);
    IdentityHashMap<Flow, Value> values = new IdentityHashMap<>();
    List<Node> nodes = new ArrayList<>();
    Flow start = Flow.of(inputShape);
    values.put(start, input);
    Trace.Listener listener =
        new Trace.Listener() {
          @Override
          public void leaf(String path, Layer layer, Flow in, Flow out) {
            join(path, layer.operator(in.shape()), List.of(in), out);
          }

          @Override
          public void join(String path, Operator operator, List<Flow> inputs, Flow out) {
            Value output = new Value(path, out.shape());
            List<Value> read = inputs.stream().map(values::get).toList();
            nodes.add(new Node(path, operator, read, output));
            values.put(out, output);
          }
        };
    Flow end = body.trace(start, Trace.inUse(listener));
    return new Graph(List.of(input), nodes, List.of(values.get(end))).live();
  }

  /**
   * Computes the output, such as a row of class scores a sample.
   *
   * @throws IllegalArgumentException if the input's shape does not fit, naming the layer and both
   *     shapes
   */
  public Tensor forward(Tensor input, Context context) {
    return body.forward(input, context);
  }

  /**
   * The outputs that a training learns from: the usual one, then those of the auxiliary heads, of
   * which there are none in use.
   */
  public List<Tensor> outputs(Tensor input, Context context) {
    int before = context.auxiliaries().size();
    List<Tensor> outputs = new ArrayList<>();
    outputs.add(forward(input, context));
    List<Tensor> heads = context.auxiliaries();
    outputs.addAll(heads.subList(before, heads.size()));
    return outputs;
  }

  /** The live parameters under their state-dict names, in that order. */
  public Map<String, Tensor> parameters() {
    return body.parameters();
  }

  /** The live running statistics under their state-dict names, in that order. */
  public Map<String, Tensor> buffers() {
    return body.buffers();
  }

  /** What a file of weights holds: {@link #parameters()}, then {@link #buffers()}. */
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>(parameters());
    state.putAll(buffers());
    return state;
  }

  /** The number of trained values. */
  public long parameterCount() {
    return parameters().values().stream().mapToLong(Tensor::size).sum();
  }

  /** All layers under their full names, in order, a container before what it is made of. */
  public Map<String, Layer> layers() {
    Map<String, Layer> layers = new LinkedHashMap<>();
    collect("", body, layers);
    return layers;
  }

  private static void collect(String path, Layer layer, Map<String, Layer> layers) {
    layer
        .children()
        .forEach(
            (name, child) -> {
              layers.put(path + name, child);
              collect(path + name + ".", child, layers);
            });
  }

  /** Layers that are not containers, under their full names, in order. */
  public Map<String, Layer> leaves() {
    Map<String, Layer> leaves = layers();
    leaves.values().removeIf(Container.class::isInstance);
    return leaves;
  }

  /** How weights begin unless {@link #initialize(long, Initializer)} says otherwise. */
  public Network initializer(Initializer usual) {
    initializer = Objects.requireNonNull(usual, "initializer");
    return this;
  }

  /** Sets all parameters to the random starting values of a seed, as this architecture has them. */
  public Network initialize(long seed) {
    return initialize(seed, initializer);
  }

  /** Sets all parameters to the random starting values of a seed. */
  public Network initialize(long seed, Initializer weights) {
    body.initialize(weights, new SingleRandom(seed));
    state().values().forEach(Tensor::changed);
    return this;
  }

  /** How a map of values fits the parameters and running statistics, without loading it. */
  public StateFit fit(Map<String, Tensor> values) {
    return StateFit.of(state(), values);
  }

  /**
   * Copies values into the parameters and running statistics.
   *
   * @throws IllegalArgumentException if names are missing or unknown or shapes differ, stating all
   *     of them; nothing is changed then
   */
  public Network load(Map<String, Tensor> values) {
    StateFit fit = fit(values);
    Check.that(fit.complete(), "the weights do not fit %s: %s", name, fit);
    loadMatching(values);
    return this;
  }

  /**
   * Takes over values as its parameters and running statistics without copying them; nobody else
   * may change them any more.
   *
   * @throws IllegalArgumentException as {@link #load}
   */
  public Network adopt(Map<String, Tensor> values) {
    StateFit fit = fit(values);
    Check.that(fit.complete(), "the weights do not fit %s: %s", name, fit);
    state().forEach((key, target) -> target.adopt(values.get(key)));
    return this;
  }

  /**
   * Copies those values whose names and shapes fit, and leaves the rest as it is.
   *
   * @return what was not copied and what was not given
   */
  public StateFit loadMatching(Map<String, Tensor> values) {
    Map<String, Tensor> state = state();
    StateFit fit = StateFit.of(state, values);
    for (String key : fit.matching()) {
      Tensor target = state.get(key);
      Tensor given = values.get(key);
      float[] value = given.layout() == Layout.NCHW ? given.data() : given.values();
      System.arraycopy(value, 0, target.data(), 0, value.length);
      target.changed();
    }
    return fit;
  }

  /** Forgets all gradients. */
  public void zeroGrad() {
    parameters().values().forEach(Tensor::zeroGrad);
  }
}
