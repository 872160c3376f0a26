package dev.lanewise.verify.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.verify.onnx.operator.Call;
import dev.lanewise.verify.onnx.operator.Operators;
import dev.lanewise.verify.onnx.tensor.Budget;
import dev.lanewise.verify.onnx.tensor.OnnxTensor;
import dev.lanewise.verify.onnx.tensor.TensorReader;
import dev.lanewise.verify.onnx.tensor.Unsupported;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A model's graph, whose nodes are computed one after the other in the order of the file. */
final class Graph {

  private static final int LONGEST_NAME = 60;

  private final GraphProto graph;
  private final int opset;

  /**
   * Takes the graph of a model.
   *
   * @throws IllegalArgumentException if it has none
   */
  Graph(ModelProto model) {
    Check.that(model.hasGraph() && model.getGraph().getNodeCount() > 0, "the model has no nodes");
    graph = model.getGraph();
    opset = opset(model);
  }

  private static int opset(ModelProto model) {
    long version =
        model.getOpsetImportList().stream()
            .filter(set -> isStandard(set.getDomain()))
            .mapToLong(OperatorSetIdProto::getVersion)
            .findFirst()
            .orElse(1);
    Check.that(version >= 1 && version <= 1000, "operator set %d does not exist", version);
    return (int) version;
  }

  private static boolean isStandard(String domain) {
    return domain.isEmpty() || "ai.onnx".equals(domain);
  }

  /** The operators of the nodes, each once. */
  Set<String> operators() {
    Set<String> names = new TreeSet<>();
    graph.getNodeList().forEach(node -> names.add(name(node)));
    return names;
  }

  private static String name(NodeProto node) {
    return printable(
        isStandard(node.getDomain())
            ? node.getOpType()
            : node.getDomain() + "." + node.getOpType());
  }

  /** A name of a damaged or hostile file must not upset a terminal. */
  private static String printable(String name) {
    String shown = name.replaceAll("[^ -~]", "?");
    return shown.length() <= LONGEST_NAME ? shown : shown.substring(0, LONGEST_NAME) + "...";
  }

  /** What the nodes need and does not exist here. */
  Set<String> lacking() {
    Set<String> lacking = new TreeSet<>();
    for (String operator : operators()) {
      try {
        Operators.find(operator, opset);
      } catch (Unsupported missing) {
        lacking.add(missing.what());
      }
    }
    for (ValueInfoProto value : graph.getInputList()) {
      if (value.hasType() && !value.getType().hasTensorType()) {
        lacking.add("inputs that are not tensors");
      }
    }
    if (graph.getSparseInitializerCount() > 0) {
      lacking.add("sparse tensors");
    }
    return lacking;
  }

  /** Number of outputs. */
  int outputs() {
    return graph.getOutputCount();
  }

  /**
   * Computes the outputs.
   *
   * @param inputs of the graph, in its order
   * @throws IllegalArgumentException if the graph or a node breaks a rule; the node is named
   * @throws Unsupported if it needs what does not exist here
   */
  List<OnnxTensor> run(List<OnnxTensor> inputs) {
    Budget budget = new Budget();
    Map<String, OnnxTensor> values = new HashMap<>();
    graph
        .getInitializerList()
        .forEach(tensor -> put(values, tensor.getName(), TensorReader.read(tensor), budget));
    feed(values, inputs, budget);
    for (NodeProto node : graph.getNodeList()) {
      try {
        compute(node, values, budget);
      } catch (IllegalArgumentException | ArithmeticException broken) {
        throw new IllegalArgumentException(name(node) + ": " + broken.getMessage(), broken);
      }
    }
    return graph.getOutputList().stream().map(output -> get(values, output.getName())).toList();
  }

  /** Until IR version 3 the initializers were inputs too, with values by default. */
  private void feed(Map<String, OnnxTensor> values, List<OnnxTensor> inputs, Budget budget) {
    List<String> names =
        graph.getInputList().stream()
            .map(ValueInfoProto::getName)
            .filter(name -> !values.containsKey(name))
            .toList();
    Check.that(
        names.size() == inputs.size(),
        "the graph has %d inputs, the test %d",
        names.size(),
        inputs.size());
    for (int i = 0; i < names.size(); i++) {
      put(values, names.get(i), inputs.get(i), budget);
    }
  }

  private void compute(NodeProto node, Map<String, OnnxTensor> values, Budget budget) {
    List<Optional<OnnxTensor>> inputs = new ArrayList<>();
    double size = 1;
    for (String name : node.getInputList()) {
      Optional<OnnxTensor> input =
          name.isEmpty() ? Optional.empty() : Optional.of(get(values, name));
      size += input.map(OnnxTensor::size).orElse(0);
      inputs.add(input);
    }
    budget.spend(name(node), size);
    Call call = new Call(node, opset, inputs, budget);
    List<OnnxTensor> outputs = Operators.find(name(node), opset).apply(call);
    for (int i = 0; i < node.getOutputCount(); i++) {
      if (call.wants(i)) {
        Check.that(i < outputs.size(), "there is no output %d", i);
        put(values, node.getOutput(i), outputs.get(i), budget);
        budget.spend(name(node), outputs.get(i).size());
      }
    }
  }

  private static void put(
      Map<String, OnnxTensor> values, String name, OnnxTensor value, Budget budget) {
    budget.keep(value);
    Check.that(values.put(name, value) == null, "'%s' is given twice", printable(name));
  }

  private static OnnxTensor get(Map<String, OnnxTensor> values, String name) {
    OnnxTensor value = values.get(name);
    Check.that(value != null, "'%s' is not computed before it is used", printable(name));
    return value;
  }
}
