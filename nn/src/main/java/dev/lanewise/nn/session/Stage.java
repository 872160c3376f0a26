package dev.lanewise.nn.session;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.nn.graph.Node;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.graph.Value;
import java.util.ArrayList;
import java.util.List;

/** A node and those after it that are computed along with it. */
final class Stage {

  private final String name;
  private final Operator operator;
  private final List<Value> inputs;
  private Value output;
  private Operator.BatchNorm norm;
  private Value residual;
  private Activation activation = Activation.IDENTITY;
  private Stage depthwise;
  private boolean stem;

  Stage(Node node, List<Value> inputs) {
    name = node.name();
    operator = node.operator();
    this.inputs = List.copyOf(inputs);
    output = node.output();
  }

  String name() {
    return name;
  }

  Operator operator() {
    return operator;
  }

  /** What the operator reads; if a depthwise convolution came in, what that reads. */
  Value input() {
    return depthwise == null ? inputs.getFirst() : depthwise.input();
  }

  /** The operator's own inputs. */
  List<Value> operands() {
    return inputs;
  }

  /** All values that are read: not what is read as it was given. */
  List<Value> reads() {
    List<Value> all = new ArrayList<>();
    if (!stem) {
      all.addAll(depthwise == null ? inputs : depthwise.inputs);
    }
    if (residual != null) {
      all.add(residual);
    }
    return all;
  }

  Value output() {
    return output;
  }

  /** The batch norm to fold, or null. */
  Operator.BatchNorm norm() {
    return norm;
  }

  /** What is added before the activation, or null. */
  Value residual() {
    return residual;
  }

  Activation activation() {
    return activation;
  }

  /**
   * The depthwise convolution whose output the operator reads without its being stored, or null.
   */
  Stage depthwise() {
    return depthwise;
  }

  /** Whether the input is the session's, read in the layout in which it is given. */
  boolean stem() {
    return stem;
  }

  /** Has the input read as it is given. */
  void becomeStem() {
    stem = true;
  }

  /** Whether neither an activation nor a residual came in yet. */
  boolean bare() {
    return residual == null && activation.equals(Activation.IDENTITY);
  }

  void fold(Operator.BatchNorm newNorm, Value newOutput) {
    norm = newNorm;
    output = newOutput;
  }

  void activate(Activation newActivation, Value newOutput) {
    activation = newActivation;
    output = newOutput;
  }

  void add(Value newResidual, Activation newActivation, Value newOutput) {
    residual = newResidual;
    activate(newActivation, newOutput);
  }

  void follow(Stage newDepthwise) {
    depthwise = newDepthwise;
  }
}
