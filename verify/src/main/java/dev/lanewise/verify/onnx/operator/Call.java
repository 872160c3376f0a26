package dev.lanewise.verify.onnx.operator;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.verify.onnx.tensor.Budget;
import dev.lanewise.verify.onnx.tensor.OnnxTensor;
import dev.lanewise.verify.onnx.tensor.Shapes;
import dev.lanewise.verify.onnx.tensor.TensorReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A node about to be computed: its inputs, its attributes, and which outputs it names. */
public final class Call {

  private final NodeProto node;
  private final int opset;
  private final Budget budget;
  private final List<Optional<OnnxTensor>> inputs;
  private final Map<String, AttributeProto> attributes = new LinkedHashMap<>();

  /**
   * Makes a call.
   *
   * @param opset version of the operator set that the model follows
   * @param inputs in the node's order, empty where the node leaves an optional one out
   * @param budget what the whole graph may spend
   */
  public Call(NodeProto node, int opset, List<Optional<OnnxTensor>> inputs, Budget budget) {
    this.node = node;
    this.budget = budget;
    this.opset = opset;
    this.inputs = List.copyOf(inputs);
    node.getAttributeList().forEach(attribute -> attributes.put(attribute.getName(), attribute));
  }

  /** The operator's name. */
  public String operator() {
    return node.getOpType();
  }

  /** Version of the operator set that the model follows. */
  public int opset() {
    return opset;
  }

  /**
   * Takes the product of the factors from what the graph may spend, before the work is done.
   *
   * @throws IllegalArgumentException if that is not left
   */
  void spend(double... factors) {
    budget.spend(operator(), factors);
  }

  /** Number of outputs that the node has places for. */
  public int outputs() {
    return node.getOutputCount();
  }

  /** Whether the node names an output that others can use. */
  public boolean wants(int output) {
    return output < node.getOutputCount() && !node.getOutput(output).isEmpty();
  }

  /** An input that must be there. */
  public OnnxTensor input(int index) {
    return optional(index)
        .orElseThrow(
            () -> new IllegalArgumentException("%s lacks input %d".formatted(operator(), index)));
  }

  /** An input that may be left out. */
  public Optional<OnnxTensor> optional(int index) {
    return index < inputs.size() ? inputs.get(index) : Optional.empty();
  }

  /** All inputs of an operator that takes any number, at least one. */
  public List<OnnxTensor> inputs() {
    input(0);
    return inputs.stream().map(Optional::orElseThrow).toList();
  }

  /** A whole number. */
  public int integer(String name, int otherwise) {
    return attribute(name, AttributeType.INT)
        .map(attribute -> Shapes.toInt(name, attribute.getI()))
        .orElse(otherwise);
  }

  /** A whole number that is 0 or 1. */
  public boolean flag(String name, boolean otherwise) {
    return integer(name, otherwise ? 1 : 0) != 0;
  }

  /** A number. */
  public float real(String name, float otherwise) {
    return attribute(name, AttributeType.FLOAT).map(AttributeProto::getF).orElse(otherwise);
  }

  /** A word. */
  public String text(String name, String otherwise) {
    return attribute(name, AttributeType.STRING)
        .map(attribute -> attribute.getS().toStringUtf8())
        .orElse(otherwise);
  }

  /** Whole numbers. */
  public Optional<int[]> integers(String name) {
    return attribute(name, AttributeType.INTS)
        .map(
            attribute ->
                attribute.getIntsList().stream()
                    .mapToInt(value -> Shapes.toInt(name, value))
                    .toArray());
  }

  /** Numbers. */
  public Optional<double[]> reals(String name) {
    return attribute(name, AttributeType.FLOATS)
        .map(
            attribute ->
                attribute.getFloatsList().stream().mapToDouble(Float::doubleValue).toArray());
  }

  /** A tensor. */
  public Optional<OnnxTensor> tensor(String name) {
    return attribute(name, AttributeType.TENSOR)
        .map(attribute -> TensorReader.read(attribute.getT()));
  }

  /** Whole numbers that older operator sets give as an attribute and newer ones as an input. */
  public Optional<int[]> integers(String name, int input) {
    return optional(input).map(tensor -> tensor.ints(name)).or(() -> integers(name));
  }

  /** Whether the node has an attribute. */
  public boolean has(String name) {
    return attributes.containsKey(name);
  }

  private Optional<AttributeProto> attribute(String name, AttributeType type) {
    AttributeProto attribute = attributes.get(name);
    if (attribute == null) {
      return Optional.empty();
    }
    Check.that(
        attribute.getType() == type,
        "attribute %s of %s is %s, not %s",
        name,
        operator(),
        attribute.getType(),
        type);
    return Optional.of(attribute);
  }
}
