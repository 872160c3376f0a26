package dev.lanewise.verify.onnx.operator;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.verify.onnx.tensor.OnnxTensor;
import dev.lanewise.verify.onnx.tensor.Unsupported;
import java.util.function.Function;

/** Functions of a single value, all by {@link Activations}. */
final class ActivationOperators {

  private ActivationOperators() {}

  static void register(Operators operators) {
    operators.add("Relu", of(call -> Activation.RELU));
    operators.add("Tanh", of(call -> Activation.TANH));
    operators.add("Sigmoid", of(call -> Activation.SIGMOID));
    operators.add("LeakyRelu", of(call -> new Activation.LeakyRelu(call.real("alpha", 0.01f))));
  }

  private static Operator.OfOne of(Function<Call, Activation> activation) {
    return call -> apply(call, activation.apply(call));
  }

  private static OnnxTensor apply(Call call, Activation activation) {
    OnnxTensor x = call.input(0);
    if (!x.isReal()) {
      throw new Unsupported("%s of %s".formatted(call.operator(), x.type()));
    }
    float[] values = x.floats();
    Activations.apply(activation, values, 0, values.length);
    return OnnxTensor.ofFloats(x.type(), values, x.dims());
  }
}
