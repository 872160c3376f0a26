package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Shapes;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Node;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.op.Arithmetic;
import dev.lanewise.nn.op.Normalization.Affine;
import dev.lanewise.nn.op.Normalization.Running;
import java.util.Arrays;
import java.util.Optional;

/** Sums, products and the like of floats, some operand of which is open. */
final class Sums {

  /** A function of two tensors under the rule of broadcasting. */
  @FunctionalInterface
  private interface OfTwo {
    Tensor apply(Tensor a, Tensor b, Context context);
  }

  private Sums() {}

  static void register(Operators operators) {
    operators.translateAny("Add", Sums::add);
    operators.translateAny("Sum", Sums::add);
    operators.translateAny("Sub", Sums::subtract);
    operators.translateAny("Mul", Sums::multiply);
    operators.translateAny("Div", Sums::divide);
  }

  private static Operand add(Call call, Nodes nodes) {
    if (notTwo(call)) {
      return null;
    }
    if (call.isOpen(0) && call.isOpen(1)) {
      return same(call)
          ? nodes.add(
              call, new Operator.Sum(Activation.IDENTITY), dims(call), call.open(), other(call))
          : broadcast(call, nodes, Arithmetic::add);
    }
    Optional<Operand> biased = biased(call, nodes);
    return biased
        .or(() -> byChannel(call, nodes, false))
        .orElseGet(() -> broadcast(call, nodes, Arithmetic::add));
  }

  private static Operand subtract(Call call, Nodes nodes) {
    return notTwo(call) ? null : broadcast(call, nodes, Arithmetic::subtract);
  }

  private static Operand multiply(Call call, Nodes nodes) {
    if (notTwo(call)) {
      return null;
    }
    if (call.isOpen(0) && call.isOpen(1)) {
      return products(call, nodes).orElseGet(() -> broadcast(call, nodes, Arithmetic::multiply));
    }
    OnnxTensor known = call.input(call.isOpen(0) ? 1 : 0);
    Operand.Open open = call.isOpen(0) ? call.open() : other(call);
    if (known.size() == 1 && known.rank() <= open.dims().length) {
      return scale(call, nodes, open, (float) known.real(0));
    }
    return byChannel(call, nodes, true)
        .orElseGet(() -> broadcast(call, nodes, Arithmetic::multiply));
  }

  private static Operand divide(Call call, Nodes nodes) {
    if (notTwo(call)) {
      return null;
    }
    boolean byPowerOfTwo =
        !call.isOpen(1)
            && call.input(1).size() == 1
            && call.input(1).rank() <= call.operand(0).dims().length
            && isPowerOfTwo(call.input(1).real(0));
    return byPowerOfTwo
        ? scale(call, nodes, call.open(), (float) (1 / call.input(1).real(0)))
        : broadcast(call, nodes, Arithmetic::divide);
  }

  /** Only then is the product with the reciprocal the quotient. */
  private static boolean isPowerOfTwo(double x) {
    return Math.abs(Math.getExponent(x)) < 100
        && Math.scalb(1.0, Math.getExponent(x)) == Math.abs(x);
  }

  private static Operand scale(Call call, Nodes nodes, Operand.Open x, float factor) {
    return nodes.add(call, new Operator.Scale(factor), x.dims(), x);
  }

  /** Whole numbers wrap and cut off as floats do not. */
  private static boolean notTwo(Call call) {
    return call.operands().size() != 2
        || !call.operand(0).type().isReal()
        || call.operand(0).type() != call.operand(1).type();
  }

  private static Operand.Open other(Call call) {
    return (Operand.Open) call.operand(1);
  }

  private static boolean same(Call call) {
    return Arrays.equals(call.operand(0).dims(), call.operand(1).dims());
  }

  private static int[] second(Call call) {
    return Elementwise.secondDims(call, call.operand(0).dims(), call.operand(1).dims());
  }

  private static int[] dims(Call call) {
    return Shapes.broadcast(call.operand(0).dims(), second(call));
  }

  private static Operand broadcast(Call call, Nodes nodes, OfTwo function) {
    int[] second = second(call);
    if (!Arrays.equals(second, call.operand(1).dims())) {
      return null;
    }
    return nodes.all(
        call,
        dims(call),
        (read, context) -> function.apply(read.getFirst(), read.getLast(), context));
  }

  /** A gate and its input as one activation; a weight for each channel. */
  private static Optional<Operand> products(Call call, Nodes nodes) {
    Operand.Open a = call.open();
    Operand.Open b = other(call);
    return gated(call, nodes, a, b)
        .or(() -> gated(call, nodes, b, a))
        .or(() -> weighted(call, nodes, a, b))
        .or(() -> weighted(call, nodes, b, a));
  }

  private static Optional<Operand> gated(
      Call call, Nodes nodes, Operand.Open x, Operand.Open gate) {
    Optional<Node> maker = nodes.maker(gate).filter(node -> node.inputs().contains(x.value()));
    if (maker.isPresent() && maker.get().operator() instanceof Operator.Activate(Activation of)) {
      return Optional.ofNullable(gatedBy(of))
          .map(whole -> nodes.add(call, new Operator.Activate(whole), x.dims(), x));
    }
    return Optional.empty();
  }

  private static Activation gatedBy(Activation gate) {
    return switch (gate) {
      case Activation.Sigmoid() -> Activation.SILU;
      case Activation.HardSigmoid(float alpha, float beta)
          when Math.abs(alpha - 1 / 6f) < 1e-6f && beta == 0.5f ->
          Activation.HARD_SWISH;
      default -> null;
    };
  }

  private static Optional<Operand> weighted(
      Call call, Nodes nodes, Operand.Open x, Operand.Open weights) {
    return Channels.isOneEachOfEach(weights.dims(), x.dims())
        ? Optional.of(nodes.add(call, new Operator.ChannelProduct(), x.dims(), x, weights))
        : Optional.empty();
  }

  /** The sum with a row after a product with a matrix is the dense layer of both. */
  private static Optional<Operand> biased(Call call, Nodes nodes) {
    int open = call.isOpen(0) ? 0 : 1;
    Operand.Open product = (Operand.Open) call.operand(open);
    OnnxTensor bias = call.input(1 - open);
    Optional<Node> maker = nodes.maker(product);
    boolean fits =
        product.dims().length == 2
            && bias.size() == product.dims()[1]
            && bias.rank() >= 1
            && bias.rank() <= 2
            && bias.dims()[bias.rank() - 1] == bias.size();
    if (fits
        && maker.isPresent()
        && maker.get().operator() instanceof Operator.Linear(Tensor weight, Tensor zeros)
        && isZero(zeros)) {
      Tensor summand = call.parameter(1 - open, given -> Tensor.of(given.floats(), given.size()));
      Operand.Open input = new Operand.Open(maker.get().input(), product.type());
      return Optional.of(
          nodes.add(call, new Operator.Linear(weight, summand), product.dims(), input));
    }
    return Optional.empty();
  }

  private static boolean isZero(Tensor tensor) {
    for (float value : tensor.data()) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  /** A number for each channel makes a batch norm, which can be folded into a convolution. */
  private static Optional<Operand> byChannel(Call call, Nodes nodes, boolean factor) {
    int open = call.isOpen(0) ? 0 : 1;
    Operand.Open x = (Operand.Open) call.operand(open);
    int[] dims = x.dims();
    int[] known = open == 0 ? second(call) : call.operand(0).dims();
    if (dims.length < 3 || !Channels.isOneEach(known, dims)) {
      return Optional.empty();
    }
    int channels = dims[1];
    Tensor given = call.parameter(1 - open, it -> Tensor.of(it.floats(), channels));
    Tensor weight = factor ? given : constant(1, channels);
    Tensor bias = factor ? constant(0, channels) : given;
    Running running = new Running(constant(0, channels), constant(1, channels), 0);
    return Optional.of(
        nodes.add(call, new Operator.BatchNorm(new Affine(weight, bias, 0), running), dims, x));
  }

  private static Tensor constant(float value, int channels) {
    float[] values = new float[channels];
    Arrays.fill(values, value);
    return Tensor.of(values, channels);
  }
}
