package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.models.onnx.tensor.Limits;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Unsupported;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.op.ParametricRelu;
import java.util.Arrays;
import java.util.function.Function;

/** Activation functions. */
final class ActivationOperators {

  private static final float SELU_ALPHA = 1.6732632f;
  private static final float SELU_GAMMA = 1.050701f;

  private ActivationOperators() {}

  static void register(Operators operators) {
    operators.kernel("Relu", always(Activation.RELU));
    operators.kernel("Tanh", always(Activation.TANH));
    operators.kernel("Sigmoid", always(Activation.SIGMOID));
    operators.kernel("Exp", always(Activation.EXP));
    operators.kernel("Log", always(Activation.LOG));
    operators.kernel("Sqrt", always(Activation.SQRT));
    operators.kernel("Erf", always(Activation.ERF));
    operators.kernel("HardSwish", always(Activation.HARD_SWISH));
    operators.kernel("Softplus", always(Activation.SOFTPLUS));
    operators.kernel("Softsign", always(Activation.SOFTSIGN));
    operators.kernel("Mish", always(Activation.MISH));

    operators.kernel("LeakyRelu", of(call -> new Activation.LeakyRelu(call.real("alpha", 0.01f))));
    operators.kernel("Elu", of(call -> new Activation.Elu(call.real("alpha", 1))));
    operators.kernel("Celu", of(call -> new Activation.Celu(call.real("alpha", 1))));
    operators.kernel("Selu", of(ActivationOperators::selu));
    operators.kernel("HardSigmoid", of(ActivationOperators::hardSigmoid));
    operators.kernel("Gelu", of(ActivationOperators::gelu));
    operators.kernel(
        "ThresholdedRelu", of(call -> new Activation.ThresholdedRelu(call.real("alpha", 1))));

    operators.kernel("Abs", always(Activation.ABS));
    operators.add("Abs", call -> Elementwise.map(call.input(0), Math::abs, Math::abs));
    operators.kernel("Swish", ActivationOperators::swish);
    operators.kernel("Clip", ActivationOperators::clip);
    operators.add("Clip", ActivationOperators::clipWholes);
    operators.kernel("PRelu", ActivationOperators::parametric);
    operators.add(
        "PRelu",
        call -> Elementwise.binary(call, (v, s) -> v < 0 ? s * v : v, (v, s) -> v < 0 ? s * v : v));
  }

  private static Translation.OfOne always(Activation activation) {
    return (call, nodes) -> apply(call, nodes, activation);
  }

  private static Translation.OfOne of(Function<Call, Activation> activation) {
    return (call, nodes) -> apply(call, nodes, activation.apply(call));
  }

  private static Operand apply(Call call, Nodes nodes, Activation activation) {
    Operand.Open x = call.open();
    return nodes.add(call, new Operator.Activate(activation), x.dims(), x);
  }

  private static Activation selu(Call call) {
    return new Activation.Selu(call.real("alpha", SELU_ALPHA), call.real("gamma", SELU_GAMMA));
  }

  private static Activation hardSigmoid(Call call) {
    return new Activation.HardSigmoid(call.real("alpha", 0.2f), call.real("beta", 0.5f));
  }

  private static Activation gelu(Call call) {
    String approximate = call.text("approximate", "none");
    return switch (approximate) {
      case "none" -> Activation.GELU;
      case "tanh" -> Activation.GELU_TANH;
      default -> throw new Unsupported("Gelu approximated by " + approximate);
    };
  }

  /** {@code x sigmoid(alpha x)}, which is a SiLU of {@code alpha x} over alpha. */
  private static Operand swish(Call call, Nodes nodes) {
    float alpha = call.real("alpha", 1);
    if (alpha == 1) {
      return apply(call, nodes, Activation.SILU);
    }
    if (alpha == 0) {
      return scale(call, nodes, 0.5f, call.open());
    }
    Operand.Open scaled = scale(call, nodes, alpha, call.open());
    Operand.Open silu =
        nodes.add(call, new Operator.Activate(Activation.SILU), scaled.dims(), scaled);
    return scale(call, nodes, 1 / alpha, silu);
  }

  private static Operand.Open scale(Call call, Nodes nodes, float factor, Operand.Open x) {
    return nodes.add(call, new Operator.Scale(factor), x.dims(), x);
  }

  /** Slopes that are not one for each channel follow the rule of broadcasting. */
  private static Operand parametric(Call call, Nodes nodes) {
    Operand.Open x = call.open();
    OnnxTensor slope = call.input(1);
    int[] dims = x.dims();
    if (dims.length < 2 || !Channels.isOneEach(slope.dims(), dims)) {
      return null;
    }
    Tensor slopes = call.parameter(1, given -> Tensor.of(given.floats(), given.size()));
    return nodes.some(
        call,
        x.type(),
        dims,
        (read, context) -> ParametricRelu.apply(read.getFirst(), slopes, context));
  }

  /** The bounds are attributes before operator set 11 and inputs since. */
  private static Operand clip(Call call, Nodes nodes) {
    float least = bound(call, 1, "min", Float.NEGATIVE_INFINITY);
    float most = bound(call, 2, "max", Float.POSITIVE_INFINITY);
    if (least < most) {
      return apply(call, nodes, new Activation.Clamp(least, most));
    }
    // A lower bound above the upper one gives the upper one everywhere.
    int[] dims = call.open().dims();
    float[] values = new float[Limits.elements(dims)];
    Arrays.fill(values, most);
    return new Operand.Known(OnnxTensor.ofFloats(call.open().type(), values, dims));
  }

  private static float bound(Call call, int input, String name, float otherwise) {
    return call.optional(input)
        .map(given -> (float) given.real(0))
        .orElseGet(() -> call.real(name, otherwise));
  }

  private static OnnxTensor clipWholes(Call call) {
    long least = call.optional(1).map(bound -> bound.whole(0)).orElse(Long.MIN_VALUE);
    long most = call.optional(2).map(bound -> bound.whole(0)).orElse(Long.MAX_VALUE);
    return Elementwise.map(call.input(0), v -> v, v -> Math.min(Math.max(v, least), most));
  }
}
