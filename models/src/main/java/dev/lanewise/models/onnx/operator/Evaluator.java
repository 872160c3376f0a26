package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.ElementType;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Tensors;
import dev.lanewise.models.onnx.tensor.Unsupported;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Graph;
import dev.lanewise.nn.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Computes nodes whose inputs are known, and makes operators of those whose are not. */
public final class Evaluator {

  /** What a run finds decides on the size of their results. */
  private static final Set<String> OPEN_SIZES = Set.of("NonMaxSuppression", "NonZero", "Unique");

  private Evaluator() {}

  /**
   * Requires that an operator exists.
   *
   * @throws Unsupported if it does not
   */
  public static void require(String operator, int opset) {
    Operators.require(operator, opset);
  }

  /**
   * The outputs of a call, known where all inputs are.
   *
   * @param nodes what operators are added to
   * @param context computes what is known
   * @throws IllegalArgumentException if operands or attributes break a rule of the operator
   * @throws Unsupported if they ask for what does not exist here
   */
  public static List<Operand> apply(Call call, Nodes nodes, Context context) {
    boolean open = call.operands().stream().flatMap(Optional::stream).anyMatch(Evaluator::isOpen);
    if (!open) {
      return compute(call, context).stream().<Operand>map(Operand.Known::new).toList();
    }
    return translated(call, nodes).orElseGet(() -> deferred(call, nodes, context));
  }

  private static boolean isOpen(Operand operand) {
    return operand instanceof Operand.Open;
  }

  private static Optional<List<Operand>> translated(Call call, Nodes nodes) {
    Optional<Translation> kernel = Operators.kernel(call.operator(), call.opset());
    if (kernel.isPresent() && call.isOpen(0) && call.operand(0).type().isReal()) {
      Optional<List<Operand>> outputs = kernel.get().apply(call, nodes);
      if (outputs.isPresent()) {
        return outputs;
      }
    }
    return Operators.translation(call.operator(), call.opset())
        .flatMap(translation -> translation.apply(call, nodes));
  }

  /** Computes a call all of whose inputs are known. */
  static List<OnnxTensor> compute(Call call, Context context) {
    Optional<Translation> kernel = Operators.kernel(call.operator(), call.opset());
    if (kernel.isPresent() && call.input(0).isReal()) {
      Optional<List<OnnxTensor>> outputs = byKernels(kernel.get(), call, context);
      if (outputs.isPresent()) {
        return outputs.get();
      }
    }
    return Operators.plain(call.operator(), call.opset())
        .orElseThrow(
            () -> new Unsupported("%s of %s".formatted(call.operator(), call.operand(0).type())))
        .apply(call);
  }

  /** As a graph of one input, the first. */
  private static Optional<List<OnnxTensor>> byKernels(
      Translation kernel, Call call, Context context) {
    OnnxTensor first = call.input(0);
    if (first.size() == 0) {
      throw new Unsupported("%s of no elements".formatted(call.operator()));
    }
    Nodes nodes = new Nodes();
    Operand.Open open = nodes.input(call.operator(), first.type(), first.dims());
    return kernel
        .apply(call.withFirst(open), nodes)
        .map(
            outputs -> {
              List<Value> values =
                  outputs.stream()
                      .filter(Operand.Open.class::isInstance)
                      .map(output -> ((Operand.Open) output).value())
                      .toList();
              Graph graph = nodes.graph(values);
              List<Tensor> results = graph.forward(List.of(Tensors.of(first)), context);
              return known(outputs, results);
            });
  }

  private static List<OnnxTensor> known(List<Operand> outputs, List<Tensor> results) {
    List<OnnxTensor> tensors = new ArrayList<>();
    int next = 0;
    for (Operand output : outputs) {
      tensors.add(
          switch (output) {
            case Operand.Known(OnnxTensor tensor) -> tensor;
            case Operand.Open(_, ElementType type) -> Tensors.back(type, results.get(next++));
          });
    }
    return tensors;
  }

  /**
   * Outputs that a run will compute by the definition of the operator. Their types and dimensions
   * are those that zeros as inputs give.
   */
  private static List<Operand> deferred(Call call, Nodes nodes, Context context) {
    if (OPEN_SIZES.contains(call.operator())) {
      throw new Unsupported(
          "%s of what is not known at import, whose size follows from its values"
              .formatted(call.operator()));
    }
    List<OnnxTensor> samples = compute(call.with(zeros(call)), context);
    List<Operand> outputs = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      OnnxTensor sample = samples.get(i);
      if (!call.wants(i) || sample.size() == 0) {
        outputs.add(new Operand.Known(sample));
      } else {
        outputs.add(deferred(call, nodes, i, sample));
      }
    }
    return outputs;
  }

  private static List<Optional<Operand>> zeros(Call call) {
    return call.operands().stream()
        .map(
            operand ->
                operand.map(
                    given ->
                        given instanceof Operand.Open
                            ? new Operand.Known(OnnxTensor.zeros(given.type(), given.dims()))
                            : given))
        .toList();
  }

  private static Operand deferred(Call call, Nodes nodes, int output, OnnxTensor sample) {
    return nodes.some(
        call,
        sample.type(),
        sample.dims(),
        (read, context) -> {
          OnnxTensor result = compute(call.inRun(read(call, read)), context).get(output);
          Check.that(
              Arrays.equals(result.dims(), sample.dims()),
              "%s made %s, not %s: its size follows from the values",
              call.operator(),
              result,
              sample);
          return Tensors.of(result);
        });
  }

  /** The operands of a call in a run, which has read the open ones. */
  private static List<Optional<Operand>> read(Call call, List<Tensor> tensors) {
    List<Optional<Operand>> operands = new ArrayList<>();
    int next = 0;
    for (Optional<Operand> operand : call.operands()) {
      if (operand.isPresent() && operand.get() instanceof Operand.Open(_, ElementType type)) {
        OnnxTensor tensor = Tensors.back(type, tensors.get(next++));
        operands.add(Optional.of(new Operand.Known(tensor)));
      } else {
        operands.add(operand);
      }
    }
    return operands;
  }
}
