package dev.lanewise.models.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.operator.Evaluator;
import dev.lanewise.models.onnx.operator.Nodes;
import dev.lanewise.models.onnx.operator.Operand;
import dev.lanewise.models.onnx.operator.Parameters;
import dev.lanewise.models.onnx.tensor.Budget;
import dev.lanewise.models.onnx.tensor.ElementType;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.TensorReader;
import dev.lanewise.models.onnx.tensor.Unsupported;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.graph.Graph;
import dev.lanewise.nn.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A model that was read from an ONNX file. For inputs of given shapes it becomes a graph of our
 * operators, for given inputs their results.
 *
 * <p>Both are the same walk over its nodes: what follows from parameters and shapes alone is
 * computed on the way, and the rest becomes operators of the graph. Where all inputs are given,
 * nothing is left.
 */
public final class OnnxModel {

  /** A node that does not follow from parameters alone. */
  record Step(NodeProto node, Parameters parameters) {}

  /**
   * A model for inputs of certain shapes.
   *
   * @param graph whose values are floats, whatever their type in the model
   * @param outputTypes the types of its outputs in the model
   */
  public record Opened(Graph graph, List<ElementType> outputTypes) {}

  private final GraphProto proto;
  private final int opset;
  private final List<OnnxInput> inputs;
  private final Map<String, Operand> known = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();

  OnnxModel(ModelProto model, TensorReader.External external) {
    Check.that(model.hasGraph() && model.getGraph().getNodeCount() > 0, "the model has no nodes");
    proto = model.getGraph();
    opset = opset(model);
    Check.that(proto.getOutputCount() > 0, "the model has no outputs");
    if (lacking().isEmpty()) {
      for (TensorProto tensor : proto.getInitializerList()) {
        Operand parameter = new Operand.Known(read(tensor, external));
        Walk.put(known, tensor.getName(), parameter);
      }
    }
    // Until IR version 3 the initializers were inputs too, with values by default.
    inputs =
        proto.getInputList().stream()
            .filter(input -> !known.containsKey(input.getName()))
            .map(OnnxInput::of)
            .toList();
    if (lacking().isEmpty()) {
      new Walk(opset, known, new Nodes(), strict(), new Budget()).known(proto, steps);
    }
  }

  private static OnnxTensor read(TensorProto tensor, TensorReader.External external) {
    try {
      return TensorReader.read(tensor, external);
    } catch (IllegalArgumentException broken) {
      throw new IllegalArgumentException(
          "%s: %s".formatted(Names.printable(tensor.getName()), broken.getMessage()), broken);
    }
  }

  private static Context strict() {
    return Context.inference(Workers.shared()).accuracy(Accuracy.STRICT);
  }

  private static int opset(ModelProto model) {
    long version =
        model.getOpsetImportList().stream()
            .filter(set -> Walk.isStandard(set.getDomain()))
            .mapToLong(OperatorSetIdProto::getVersion)
            .findFirst()
            .orElse(1);
    Check.that(version >= 1 && version <= 1000, "operator set %d does not exist", version);
    return (int) version;
  }

  /** The operators of the nodes, each once. */
  public Set<String> operators() {
    Set<String> names = new TreeSet<>();
    proto.getNodeList().forEach(node -> names.add(Walk.operator(node)));
    return names;
  }

  /** What the nodes need and does not exist here. */
  Set<String> lacking() {
    Set<String> lacking = new TreeSet<>();
    for (String operator : operators()) {
      try {
        Evaluator.require(operator, opset);
      } catch (Unsupported missing) {
        lacking.add(missing.what());
      }
    }
    for (ValueInfoProto value : proto.getInputList()) {
      if (value.hasType() && !value.getType().hasTensorType()) {
        lacking.add("inputs that are not tensors");
      }
    }
    if (proto.getSparseInitializerCount() > 0) {
      lacking.add("sparse tensors");
    }
    return lacking;
  }

  /** The inputs that a caller gives. */
  public List<OnnxInput> inputs() {
    return inputs;
  }

  /** The names of the outputs. */
  public List<String> outputs() {
    return proto.getOutputList().stream()
        .map(ValueInfoProto::getName)
        .map(Names::printable)
        .toList();
  }

  /**
   * The graph for an input of a shape: what {@code Session.compile(model::graph, options, shape)}
   * asks for.
   *
   * @throws IllegalArgumentException if the model has several inputs, or as {@link #open}
   */
  public Graph graph(int... inputShape) {
    return open(List.of(inputShape)).graph();
  }

  /**
   * The graph for inputs of certain shapes.
   *
   * @param shapes one for each input, in the order of {@link #inputs()}
   * @throws IllegalArgumentException if a shape contradicts the model, if a node breaks a rule of
   *     its operator or asks for what does not exist here, with the node's name; or if an output
   *     does not depend on the inputs
   */
  public Opened open(List<int[]> shapes) {
    return open(shapes, List.of());
  }

  /**
   * The graph for inputs of certain shapes where the last inputs are the same in every run.
   *
   * @param shapes one for each input but those, in the order of {@link #inputs()}
   * @param constants the last inputs
   * @throws IllegalArgumentException as {@link #open(List)}
   */
  public Opened open(List<int[]> shapes, List<OnnxTensor> constants) {
    Check.that(
        shapes.size() + constants.size() == inputs.size(),
        "the model has %d inputs, got %d shapes and %d tensors",
        inputs.size(),
        shapes.size(),
        constants.size());
    Nodes nodes = new Nodes();
    Map<String, Operand> values = new HashMap<>(known);
    for (int i = 0; i < inputs.size(); i++) {
      OnnxInput input = inputs.get(i);
      Operand operand;
      if (i < shapes.size()) {
        input.require(shapes.get(i));
        operand = nodes.input(input.name(), input.type(), shapes.get(i));
      } else {
        OnnxTensor constant = constants.get(i - shapes.size());
        input.require(constant);
        operand = new Operand.Known(constant);
      }
      Walk.put(values, input.key(), operand);
    }
    new Walk(opset, values, nodes, strict(), new Budget()).run(steps);
    List<Value> outputs = new ArrayList<>();
    List<ElementType> types = new ArrayList<>();
    for (ValueInfoProto output : proto.getOutputList()) {
      if (!(Walk.get(values, output.getName()) instanceof Operand.Open(Value value, var type))) {
        throw new IllegalArgumentException(
            "output %s does not depend on the inputs".formatted(Names.printable(output.getName())));
      }
      outputs.add(value);
      types.add(type);
    }
    return new Opened(nodes.graph(outputs).live(), List.copyOf(types));
  }

  /**
   * Computes the outputs for given inputs of any types, node by node.
   *
   * @param given in the order of {@link #inputs()}
   * @param context what the kernels run on
   * @throws IllegalArgumentException if an input contradicts the model, or a node breaks a rule of
   *     its operator or asks for what does not exist here, with the node's name
   */
  public List<OnnxTensor> run(List<OnnxTensor> given, Context context) {
    Check.that(
        given.size() == inputs.size(),
        "the model has %d inputs, got %d tensors",
        inputs.size(),
        given.size());
    Map<String, Operand> values = new HashMap<>(known);
    for (int i = 0; i < given.size(); i++) {
      inputs.get(i).require(given.get(i));
      Walk.put(values, inputs.get(i).key(), new Operand.Known(given.get(i)));
    }
    new Walk(opset, values, new Nodes(), context, new Budget()).run(steps);
    List<OnnxTensor> results = new ArrayList<>();
    for (ValueInfoProto output : proto.getOutputList()) {
      results.add(((Operand.Known) Walk.get(values, output.getName())).tensor());
    }
    return results;
  }
}
