package dev.lanewise.models.onnx.operator;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.Budget;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Shapes;
import dev.lanewise.models.onnx.tensor.TensorReader;
import dev.lanewise.models.onnx.tensor.Tensors;
import dev.lanewise.models.onnx.tensor.Unsupported;
import dev.lanewise.nn.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A node about to be computed or translated: its inputs, its attributes, and which outputs it
 * names.
 */
public final class Call {

  /** How many multiply-adds of the kernels take as long as a pass of a plain loop, at least. */
  private static final int KERNELS = 64;

  private final NodeProto node;
  private final int opset;
  private final Budget budget;
  private final List<Optional<Operand>> operands;
  private final Parameters parameters;
  private final Map<String, AttributeProto> attributes = new LinkedHashMap<>();

  /**
   * Makes a call.
   *
   * @param opset version of the operator set that the model follows
   * @param operands in the node's order, empty where the node leaves an optional one out
   * @param budget what the whole graph may spend
   * @param parameters of the node, in all graphs made of the model
   */
  public Call(
      NodeProto node,
      int opset,
      List<Optional<Operand>> operands,
      Budget budget,
      Parameters parameters) {
    this.node = node;
    this.budget = budget;
    this.opset = opset;
    this.operands = List.copyOf(operands);
    this.parameters = parameters;
    node.getAttributeList().forEach(attribute -> attributes.put(attribute.getName(), attribute));
  }

  /** The same call of other operands. */
  Call with(List<Optional<Operand>> others) {
    return new Call(node, opset, others, budget, parameters);
  }

  /** The same call of other operands in a run, which may spend as much as the import. */
  Call inRun(List<Optional<Operand>> others) {
    return new Call(node, opset, others, new Budget(), parameters);
  }

  /** The same call with another first operand. */
  Call withFirst(Operand first) {
    List<Optional<Operand>> others = new ArrayList<>(operands);
    others.set(0, Optional.of(first));
    return with(others);
  }

  /** The node's name, or what it makes where it has none. */
  String name() {
    return node.getName().isEmpty() && node.getOutputCount() > 0
        ? node.getOutput(0)
        : node.getName();
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

  /** Takes the product of the factors, multiply-adds of the kernels, from what may be spent. */
  void spendOnKernels(double... factors) {
    double product = Arrays.stream(factors).reduce(1, (a, b) -> a * b);
    budget.spend(operator(), product / KERNELS);
  }

  /** Number of outputs that the node has places for. */
  public int outputs() {
    return node.getOutputCount();
  }

  /** Whether the node names an output that others can use. */
  public boolean wants(int output) {
    return output < node.getOutputCount() && !node.getOutput(output).isEmpty();
  }

  /** What the node reads. */
  List<Optional<Operand>> operands() {
    return operands;
  }

  /** An operand that must be there. */
  Operand operand(int index) {
    Optional<Operand> operand = index < operands.size() ? operands.get(index) : Optional.empty();
    return operand.orElseThrow(
        () -> new IllegalArgumentException("%s lacks input %d".formatted(operator(), index)));
  }

  /** The first operand, of a translation that is asked only where that is open. */
  Operand.Open open() {
    return (Operand.Open) operand(0);
  }

  /** Whether an operand is there and open. */
  boolean isOpen(int index) {
    return index < operands.size()
        && operands.get(index).filter(Operand.Open.class::isInstance).isPresent();
  }

  /** Whether the first operand is open and no other. */
  boolean knownAfterFirst() {
    for (int i = 1; i < operands.size(); i++) {
      if (isOpen(i)) {
        return false;
      }
    }
    return isOpen(0);
  }

  /** A known operand as a tensor of ours, the same whenever it is asked for. */
  Tensor parameter(int index) {
    return parameter(index, Tensors::of);
  }

  /** What is made of a known operand, once. */
  Tensor parameter(int index, Function<OnnxTensor, Tensor> make) {
    return parameters.get(index, input(index), make);
  }

  /** A known input that must be there. */
  public OnnxTensor input(int index) {
    return optional(index)
        .orElseThrow(
            () -> new IllegalArgumentException("%s lacks input %d".formatted(operator(), index)));
  }

  /**
   * A known input that may be left out.
   *
   * @throws Unsupported if it is open
   */
  public Optional<OnnxTensor> optional(int index) {
    if (index >= operands.size()) {
      return Optional.empty();
    }
    return operands
        .get(index)
        .map(
            operand ->
                switch (operand) {
                  case Operand.Known(OnnxTensor tensor) -> tensor;
                  case Operand.Open _ ->
                      throw new Unsupported(
                          "%s whose input %d depends on the model's".formatted(operator(), index));
                });
  }

  /** All inputs of an operator that takes any number, at least one. */
  public List<OnnxTensor> inputs() {
    input(0);
    return IntStream.range(0, operands.size()).mapToObj(this::input).toList();
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
