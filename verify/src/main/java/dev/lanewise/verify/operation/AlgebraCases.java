package dev.lanewise.verify.operation;

import static dev.lanewise.verify.operation.OperationCase.kinked;
import static dev.lanewise.verify.operation.OperationCase.smooth;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.PaddingMode;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.op.Add;
import dev.lanewise.nn.op.Arithmetic;
import dev.lanewise.nn.op.ChannelSoftmax;
import dev.lanewise.nn.op.Concat;
import dev.lanewise.nn.op.Dense;
import dev.lanewise.nn.op.Elementwise;
import dev.lanewise.nn.op.Gather;
import dev.lanewise.nn.op.MatMul;
import dev.lanewise.nn.op.Pad;
import dev.lanewise.nn.op.ParametricRelu;
import dev.lanewise.nn.op.Power;
import dev.lanewise.nn.op.Reduce;
import dev.lanewise.nn.op.Relayout;
import dev.lanewise.nn.op.Reshape;
import dev.lanewise.nn.op.Scale;
import dev.lanewise.nn.op.Slice;
import dev.lanewise.nn.op.Transpose;
import dev.lanewise.verify.operation.OperationCase.Input;
import java.util.ArrayList;
import java.util.List;

/** Cases of the tensor algebra. */
final class AlgebraCases {

  private static final Input MATRIX = Input.of(3, 4);
  private static final Input BLOCKED = Input.of(2, 18, 2, 1).blocked();

  private AlgebraCases() {}

  static List<OperationCase> all() {
    List<OperationCase> cases = new ArrayList<>();
    arithmetic(cases, "add", Arithmetic::add);
    arithmetic(cases, "subtract", Arithmetic::subtract);
    arithmetic(cases, "multiply", Arithmetic::multiply);
    arithmetic(cases, "divide", Arithmetic::divide);
    sums(cases);
    products(cases);
    reductions(cases);
    rearrangements(cases);
    functions(cases);
    return cases;
  }

  private interface Binary {
    Tensor of(Tensor a, Tensor b, Context context);
  }

  private static void arithmetic(List<OperationCase> cases, String name, Binary operator) {
    OperationCase.Forward forward = (in, c) -> operator.of(in.get(0), in.get(1), c);
    Input right = MATRIX.from(0.5, 2);
    cases.add(smooth("arithmetic", name, forward, MATRIX, right));
    cases.add(smooth("arithmetic", name, forward, BLOCKED, BLOCKED.from(0.5, 2)));
    cases.add(smooth("arithmetic", name, forward, BLOCKED, Input.of(1, 18, 1, 1).from(0.5, 2)));
    cases.add(smooth("arithmetic", name, forward, MATRIX, Input.of(4).from(0.5, 2)));
    cases.add(smooth("arithmetic", name, forward, Input.of(3, 1), right));
    cases.add(smooth("arithmetic", name, forward, Input.of(2, 1, 4), right));
    cases.add(smooth("arithmetic", name, forward, Input.of(), right));
    cases.add(
        smooth(
            "arithmetic",
            name + " with itself",
            (in, c) -> operator.of(in.getFirst(), in.getFirst(), c),
            right));
  }

  private static void sums(List<OperationCase> cases) {
    OperationCase.Forward add = (in, c) -> Add.apply(in.get(0), in.get(1), c);
    cases.add(smooth("sums", "add", add, BLOCKED, BLOCKED));
    cases.add(smooth("sums", "add", add, Input.of(2, 18, 2, 1), BLOCKED));
    for (Activation activation : List.of(Activation.TANH, Activation.SILU, Activation.SIGMOID)) {
      cases.add(
          smooth(
              "sums",
              "add and " + activation,
              (in, c) -> Add.apply(in.get(0), in.get(1), activation, c),
              BLOCKED,
              BLOCKED));
    }
    cases.add(
        smooth(
            "sums",
            "of four uses",
            (in, c) -> {
              Tensor x = in.getFirst();
              Tensor twice = Add.apply(x, x, c);
              return Add.apply(twice, Arithmetic.multiply(twice, x, c), c);
            },
            MATRIX));
  }

  private static void products(List<OperationCase> cases) {
    OperationCase.Forward product = (in, c) -> MatMul.apply(in.get(0), in.get(1), c);
    cases.add(smooth("products", "matrices", product, MATRIX, Input.of(4, 5)));
    cases.add(smooth("products", "many by one", product, Input.of(2, 2, 3, 4), Input.of(4, 5)));
    cases.add(smooth("products", "many", product, Input.of(2, 3, 4), Input.of(2, 4, 2)));
    cases.add(
        smooth(
            "products",
            "dense",
            (in, c) -> Dense.apply(in.get(0), in.get(1), in.get(2), c),
            MATRIX,
            Input.of(5, 4),
            Input.of(5)));
  }

  private static void reductions(List<OperationCase> cases) {
    Input cube = Input.of(2, 3, 4);
    for (int[] axes : List.of(new int[] {}, new int[] {1}, new int[] {0, 2})) {
      String name = "axes " + Tensor.text(axes);
      cases.add(
          smooth("reductions", "sum " + name, (in, c) -> Reduce.sum(in.getFirst(), c, axes), cube));
      cases.add(
          smooth(
              "reductions", "mean " + name, (in, c) -> Reduce.mean(in.getFirst(), c, axes), cube));
      cases.add(
          kinked("reductions", "max " + name, (in, c) -> Reduce.max(in.getFirst(), c, axes), cube));
    }
    cases.add(smooth("reductions", "sum", (in, c) -> Reduce.sum(in.getFirst(), c, 2, 3), BLOCKED));
    for (Input input : List.of(MATRIX, BLOCKED)) {
      cases.add(
          smooth("softmax", "softmax", (in, c) -> ChannelSoftmax.apply(in.getFirst(), c), input));
      cases.add(
          smooth("softmax", "logarithm", (in, c) -> ChannelSoftmax.log(in.getFirst(), c), input));
    }
  }

  private static void rearrangements(List<OperationCase> cases) {
    String kind = "rearrangements";
    Input cube = Input.of(2, 3, 4);
    cases.add(smooth(kind, "reshape", (in, c) -> Reshape.apply(in.getFirst(), c, 4, 6), cube));
    cases.add(smooth(kind, "flatten", (in, c) -> Reshape.apply(in.getFirst(), c, 2, 36), BLOCKED));
    cases.add(
        smooth(
            kind,
            "to NCHW16C",
            (in, c) -> Relayout.apply(in.getFirst(), Layout.NCHW16C, c),
            Input.of(2, 17, 3)));
    cases.add(
        smooth(kind, "transpose", (in, c) -> Transpose.apply(in.getFirst(), c, 2, 0, 1), cube));
    int[] chosen = {2, 0, 2};
    cases.add(smooth(kind, "gather", (in, c) -> Gather.apply(in.getFirst(), 1, chosen, c), cube));
    cases.add(smooth(kind, "slice", (in, c) -> Slice.apply(in.getFirst(), 2, 1, 3, c), cube));
    for (int from : new int[] {0, 1, 16}) {
      cases.add(
          smooth(
              kind,
              "channels from " + from,
              (in, c) -> Slice.apply(in.getFirst(), 1, from, 18, c),
              BLOCKED));
    }
    OperationCase.Forward channels = (in, c) -> Concat.channels(in, c);
    cases.add(smooth(kind, "concat", channels, Input.of(2, 16, 3).blocked(), Input.of(2, 5, 3)));
    cases.add(smooth(kind, "concat", channels, BLOCKED, BLOCKED, Input.of(2, 15, 2, 1).blocked()));
    cases.add(smooth(kind, "concat", (in, c) -> Concat.apply(in, 0, c), cube, Input.of(1, 3, 4)));
    for (PaddingMode mode : PaddingMode.values()) {
      cases.add(
          smooth(
              kind,
              "pad by " + mode,
              (in, c) -> Pad.apply(in.getFirst(), new int[] {1, 0}, new int[] {2, 1}, mode, c),
              Input.of(2, 3, 4, 3)));
    }
  }

  private static void functions(List<OperationCase> cases) {
    for (Input input : List.of(MATRIX.from(0.5, 2), BLOCKED.from(0.5, 2))) {
      for (double exponent : new double[] {2, 0.5, -1}) {
        cases.add(
            smooth(
                "functions",
                "power " + exponent,
                (in, c) -> Power.apply(in.getFirst(), exponent, c),
                input));
      }
      cases.add(
          smooth("functions", "scale", (in, c) -> Scale.apply(in.getFirst(), -3, 2, c), input));
      for (Activation activation : positive()) {
        cases.add(activation(activation, true, input));
      }
    }
    for (Input input : List.of(MATRIX, BLOCKED.from(-4, 4))) {
      smoothActivations().forEach(activation -> cases.add(activation(activation, true, input)));
      kinkedActivations().forEach(activation -> cases.add(activation(activation, false, input)));
    }
    cases.add(
        kinked(
            "functions",
            "parametric ReLU",
            (in, c) -> ParametricRelu.apply(in.get(0), in.get(1), c),
            BLOCKED,
            Input.of(18)));
  }

  private static OperationCase activation(Activation activation, boolean smooth, Input input) {
    return new OperationCase(
        "activations",
        activation.toString(),
        smooth,
        List.of(input),
        (in, c) -> Elementwise.apply(in.getFirst(), activation, c));
  }

  private static List<Activation> positive() {
    return List.of(Activation.LOG, Activation.SQRT);
  }

  private static List<Activation> smoothActivations() {
    return List.of(
        Activation.IDENTITY,
        Activation.TANH,
        Activation.SIGMOID,
        Activation.EXP,
        Activation.ERF,
        Activation.SILU,
        Activation.GELU,
        Activation.GELU_TANH,
        Activation.SOFTPLUS,
        Activation.MISH);
  }

  /** Their kinks lie in the middle between two elements of either input. */
  private static List<Activation> kinkedActivations() {
    return List.of(
        Activation.RELU,
        Activation.ABS,
        Activation.SELU,
        Activation.SOFTSIGN,
        Activation.HARD_SWISH,
        new Activation.HardSigmoid(0.3f, 0.5f),
        new Activation.Clamp(-1 / 3f, 1 / 3f),
        new Activation.LeakyRelu(0.1f),
        new Activation.Elu(0.8f),
        new Activation.Celu(0.7f),
        new Activation.ThresholdedRelu(1 / 3f));
  }
}
