package dev.lanewise.models.onnx.operator;

import java.util.List;
import java.util.Optional;

/** How a node that reads open values becomes operators of ours. */
@FunctionalInterface
interface Translation {

  /**
   * Adds operators to the nodes and tells the outputs; those that the node leaves out at the end
   * may be missing. Empty if this form of the operator has no counterpart.
   *
   * @throws IllegalArgumentException if operands or attributes break a rule of the operator
   * @throws dev.lanewise.models.onnx.tensor.Unsupported if they ask for what does not exist here
   */
  Optional<List<Operand>> apply(Call call, Nodes nodes);

  /** A translation to one output, or null where there is none. */
  @FunctionalInterface
  interface OfOne {
    /** Adds operators and tells the output. */
    Operand apply(Call call, Nodes nodes);
  }

  /** A translation to one output whatever is open. */
  static Translation ofAny(OfOne one) {
    return (call, nodes) -> Optional.ofNullable(one.apply(call, nodes)).map(List::of);
  }

  /** A translation to one output that needs to know all operands but the first. */
  static Translation ofFirst(OfOne one) {
    Translation any = ofAny(one);
    return (call, nodes) -> call.knownAfterFirst() ? any.apply(call, nodes) : Optional.empty();
  }
}
