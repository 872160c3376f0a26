package dev.lanewise.models.onnx.operator;

import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.nn.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Parameters of one node as tensors of ours. Each is made once, so that graphs for several input
 * shapes share it, and what is packed for it.
 */
public final class Parameters {

  private record Made(OnnxTensor source, Tensor tensor) {}

  private final Map<Integer, Made> made = new HashMap<>();

  synchronized Tensor get(int input, OnnxTensor source, Function<OnnxTensor, Tensor> make) {
    Made known = made.get(input);
    if (known == null || known.source != source) {
      known = new Made(source, make.apply(source));
      made.put(input, known);
    }
    return known.tensor;
  }
}
