package dev.lanewise.models.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.operator.Call;
import dev.lanewise.models.onnx.operator.Evaluator;
import dev.lanewise.models.onnx.operator.Nodes;
import dev.lanewise.models.onnx.operator.Operand;
import dev.lanewise.models.onnx.operator.Parameters;
import dev.lanewise.models.onnx.tensor.Budget;
import dev.lanewise.models.onnx.tensor.Unsupported;
import dev.lanewise.nn.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A walk over nodes in the order of the file.
 *
 * @param opset version of the operator set that the model follows
 * @param values what is there by name; outputs are added
 * @param nodes where operators go whose inputs are not known
 * @param context computes what is known
 * @param budget what the walk may spend
 */
record Walk(int opset, Map<String, Operand> values, Nodes nodes, Context context, Budget budget) {

  /** Computes all nodes that follow from what is known, and keeps the others as steps. */
  void known(GraphProto graph, List<OnnxModel.Step> steps) {
    for (NodeProto node : graph.getNodeList()) {
      OnnxModel.Step step = new OnnxModel.Step(node, new Parameters());
      boolean known =
          node.getInputList().stream().allMatch(name -> name.isEmpty() || values.containsKey(name));
      if (known) {
        apply(step);
      } else {
        steps.add(step);
      }
    }
  }

  /** Computes steps or makes operators of them. */
  void run(List<OnnxModel.Step> steps) {
    steps.forEach(this::apply);
  }

  private void apply(OnnxModel.Step step) {
    NodeProto node = step.node();
    try {
      outputs(node, Evaluator.apply(call(step), nodes, context));
    } catch (Unsupported missing) {
      throw missing;
    } catch (IllegalArgumentException
        | ArithmeticException
        | IndexOutOfBoundsException
        | NegativeArraySizeException broken) {
      String name = node.getName().isEmpty() ? "" : " " + Names.printable(node.getName());
      throw new IllegalArgumentException(
          "%s%s: %s".formatted(operator(node), name, broken.getMessage()), broken);
    }
  }

  private Call call(OnnxModel.Step step) {
    NodeProto node = step.node();
    List<Optional<Operand>> operands = new ArrayList<>();
    double size = 1;
    for (String name : node.getInputList()) {
      Optional<Operand> operand =
          name.isEmpty() ? Optional.empty() : Optional.of(get(values, name));
      size += operand.map(Walk::size).orElse(0);
      operands.add(operand);
    }
    budget.spend(operator(node), size);
    return new Call(node, opset, operands, budget, step.parameters());
  }

  private static int size(Operand operand) {
    return operand instanceof Operand.Known(var tensor) ? tensor.size() : 0;
  }

  private void outputs(NodeProto node, List<Operand> outputs) {
    for (int i = 0; i < node.getOutputCount(); i++) {
      if (!node.getOutput(i).isEmpty()) {
        Check.that(i < outputs.size(), "there is no output %d", i);
        put(values, node.getOutput(i), outputs.get(i));
        if (outputs.get(i) instanceof Operand.Known(var tensor)) {
          budget.keep(tensor);
          budget.spend(operator(node), tensor.size());
        }
      }
    }
  }

  static void put(Map<String, Operand> values, String name, Operand value) {
    Check.that(values.put(name, value) == null, "'%s' is given twice", Names.printable(name));
  }

  static Operand get(Map<String, Operand> values, String name) {
    Operand value = values.get(name);
    Check.that(value != null, "'%s' is not computed before it is used", Names.printable(name));
    return value;
  }

  static boolean isStandard(String domain) {
    return domain.isEmpty() || "ai.onnx".equals(domain);
  }

  /** The operator of a node, with its domain if that is not the standard one. */
  static String operator(NodeProto node) {
    return Names.printable(
        isStandard(node.getDomain())
            ? node.getOpType()
            : node.getDomain() + "." + node.getOpType());
  }
}
