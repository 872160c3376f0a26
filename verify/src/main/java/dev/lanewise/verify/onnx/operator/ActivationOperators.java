package dev.lanewise.verify.onnx.operator;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.activation.PRelu;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.verify.onnx.tensor.OnnxTensor;
import dev.lanewise.verify.onnx.tensor.Shapes;
import dev.lanewise.verify.onnx.tensor.Unsupported;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/** Activation functions, by {@link Activations} and {@link PRelu}. */
final class ActivationOperators {

  private static final float SELU_ALPHA = 1.6732632f;
  private static final float SELU_GAMMA = 1.050701f;

  private ActivationOperators() {}

  static void register(Operators operators) {
    operators.add("Relu", always(Activation.RELU));
    operators.add("Tanh", always(Activation.TANH));
    operators.add("Sigmoid", always(Activation.SIGMOID));
    operators.add("Exp", always(Activation.EXP));
    operators.add("Log", always(Activation.LOG));
    operators.add("Sqrt", always(Activation.SQRT));
    operators.add("Erf", always(Activation.ERF));
    operators.add("HardSwish", always(Activation.HARD_SWISH));
    operators.add("Softplus", always(Activation.SOFTPLUS));
    operators.add("Softsign", always(Activation.SOFTSIGN));
    operators.add("Mish", always(Activation.MISH));

    operators.add("LeakyRelu", of(call -> new Activation.LeakyRelu(call.real("alpha", 0.01f))));
    operators.add("Elu", of(call -> new Activation.Elu(call.real("alpha", 1))));
    operators.add("Celu", of(call -> new Activation.Celu(call.real("alpha", 1))));
    operators.add("Selu", of(ActivationOperators::selu));
    operators.add("HardSigmoid", of(ActivationOperators::hardSigmoid));
    operators.add("Gelu", of(ActivationOperators::gelu));
    operators.add(
        "ThresholdedRelu", of(call -> new Activation.ThresholdedRelu(call.real("alpha", 1))));

    operators.add("Abs", ActivationOperators::abs);
    operators.add("Swish", ActivationOperators::swish);
    operators.add("Clip", ActivationOperators::clip);
    operators.add("PRelu", ActivationOperators::parametric);
  }

  private static Operator.OfOne always(Activation activation) {
    return call -> apply(call, call.input(0), activation);
  }

  private static Operator.OfOne of(Function<Call, Activation> activation) {
    return call -> apply(call, call.input(0), activation.apply(call));
  }

  private static OnnxTensor apply(Call call, OnnxTensor x, Activation activation) {
    if (!x.isReal()) {
      throw new Unsupported("%s of %s".formatted(call.operator(), x.type()));
    }
    float[] values = x.floats();
    Activations.apply(activation, values, 0, values.length);
    return OnnxTensor.ofFloats(x.type(), values, x.dims());
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

  private static OnnxTensor abs(Call call) {
    OnnxTensor x = call.input(0);
    return x.isReal() ? apply(call, x, Activation.ABS) : Elementwise.map(x, Math::abs, Math::abs);
  }

  /** {@code x sigmoid(alpha x)}, which is a SiLU of {@code alpha x} over alpha. */
  private static OnnxTensor swish(Call call) {
    OnnxTensor x = call.input(0);
    double alpha = call.real("alpha", 1);
    if (alpha == 0) {
      return Elementwise.map(x, value -> value / 2, value -> value / 2);
    }
    OnnxTensor scaled = Elementwise.map(x, value -> value * alpha, value -> value);
    OnnxTensor silu = apply(call, scaled, Activation.SILU);
    return Elementwise.map(silu, value -> value / alpha, value -> value);
  }

  /** Slopes that are not one for each channel are one for each element: a channel of its own. */
  private static OnnxTensor parametric(Call call) {
    OnnxTensor x = call.input(0);
    OnnxTensor slope = call.input(1);
    if (!x.isReal()) {
      return Elementwise.binary(call, (v, s) -> v, (v, s) -> v < 0 ? s * v : v);
    }
    if (x.size() == 0) {
      return x;
    }
    boolean perChannel = x.rank() >= 2 && Arrays.equals(slope.dims(), channelDims(x.dims()));
    int[] dims = perChannel ? x.dims() : new int[] {1, x.size()};
    float[] slopes = perChannel ? slope.floats() : Shapes.expand(slope, x.dims()).floats();
    float[] values = Blocked.of(x.withDims(dims));
    PRelu.of(dims, Workers.shared()).run(values, slopes, values);
    return Blocked.back(x.type(), values, dims).withDims(x.dims());
  }

  /** Dimensions of one value for each channel that broadcast to {@code [n, c, spatial...]}. */
  private static int[] channelDims(int... dims) {
    int[] result = Arrays.copyOfRange(dims, 1, dims.length);
    Arrays.fill(result, 1, result.length, 1);
    return result;
  }

  /** The bounds are attributes before operator set 11 and inputs since. */
  private static OnnxTensor clip(Call call) {
    OnnxTensor x = call.input(0);
    Optional<OnnxTensor> low = call.optional(1);
    Optional<OnnxTensor> high = call.optional(2);
    if (!x.isReal()) {
      long least = low.map(bound -> bound.whole(0)).orElse(Long.MIN_VALUE);
      long most = high.map(bound -> bound.whole(0)).orElse(Long.MAX_VALUE);
      return Elementwise.map(x, v -> v, v -> Math.min(Math.max(v, least), most));
    }
    float least =
        low.map(bound -> (float) bound.real(0)).orElse(call.real("min", Float.NEGATIVE_INFINITY));
    float most =
        high.map(bound -> (float) bound.real(0)).orElse(call.real("max", Float.POSITIVE_INFINITY));
    // A lower bound above the upper one gives the upper one everywhere.
    return least < most
        ? apply(call, x, new Activation.Clamp(least, most))
        : Elementwise.map(x, v -> most, v -> v);
  }
}
