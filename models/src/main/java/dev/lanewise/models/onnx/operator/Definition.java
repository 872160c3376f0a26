package dev.lanewise.models.onnx.operator;

import dev.lanewise.models.onnx.tensor.OnnxTensor;
import java.util.List;

/** What a node computes, by the definition of its operator, for tensors of any type. */
@FunctionalInterface
interface Definition {

  /**
   * Computes the outputs; those that the node leaves out at the end may be missing.
   *
   * @throws IllegalArgumentException if inputs or attributes break a rule of the operator
   * @throws dev.lanewise.models.onnx.tensor.Unsupported if they ask for what does not exist here
   */
  List<OnnxTensor> apply(Call call);

  /** An operator of one output. */
  @FunctionalInterface
  interface OfOne {
    /** Computes the output. */
    OnnxTensor apply(Call call);
  }
}
