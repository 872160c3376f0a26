package dev.lanewise.models.onnx.operator;

import dev.lanewise.models.onnx.tensor.ElementType;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.nn.graph.Value;

/** What a node reads or makes. */
public sealed interface Operand {

  /** The type of the elements. */
  ElementType type();

  /** The dimensions, outermost first; none for a scalar. */
  int[] dims();

  /** A tensor that is there at import: a parameter, a shape, or what follows from them. */
  record Known(OnnxTensor tensor) implements Operand {
    @Override
    public ElementType type() {
      return tensor.type();
    }

    @Override
    public int[] dims() {
      return tensor.dims();
    }
  }

  /**
   * A value that each run brings anew. Whatever its type, it travels as floats.
   *
   * @param type that its numbers have
   */
  record Open(Value value, ElementType type) implements Operand {
    @Override
    public int[] dims() {
      return value.shape();
    }
  }
}
