package dev.lanewise.models.onnx.tensor;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Tensor;

/** Tensors of models as those of networks, whose elements are floats, and back. */
public final class Tensors {

  private Tensors() {}

  /**
   * A tensor of floats.
   *
   * @throws IllegalArgumentException if a whole number is not a float: none above 2^24 is for sure
   */
  public static Tensor of(OnnxTensor tensor) {
    float[] values = tensor.floats();
    if (!tensor.isReal()) {
      for (int i = 0; i < values.length; i++) {
        Check.that(
            (long) values[i] == tensor.whole(i),
            "the whole number %d takes more than the 24 bits of a float",
            tensor.whole(i));
      }
    }
    return Tensor.of(values, tensor.dims());
  }

  /** A tensor of a type. */
  public static OnnxTensor back(ElementType type, Tensor tensor) {
    float[] values = tensor.values();
    if (type.isReal()) {
      return OnnxTensor.ofFloats(type, values, tensor.shape());
    }
    long[] wholes = new long[values.length];
    for (int i = 0; i < wholes.length; i++) {
      wholes[i] = (long) values[i];
    }
    return OnnxTensor.ofWholes(type, wholes, tensor.shape());
  }
}
