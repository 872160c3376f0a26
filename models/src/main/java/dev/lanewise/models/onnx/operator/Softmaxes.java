package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.activation.Softmax;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Shapes;
import dev.lanewise.models.onnx.tensor.Unsupported;
import dev.lanewise.nn.op.ChannelSoftmax;

/** Softmax, its logarithm and its limit. */
final class Softmaxes {

  /** A function of rows of floats. */
  @FunctionalInterface
  private interface OfRows {
    void run(int rows, int columns, float[] x, float[] y);
  }

  private Softmaxes() {}

  static void register(Operators operators) {
    operators.add("Softmax", call -> softmax(call, false));
    operators.add("LogSoftmax", call -> softmax(call, true));
    operators.translate("Softmax", (call, nodes) -> channels(call, nodes, false));
    operators.translate("LogSoftmax", (call, nodes) -> channels(call, nodes, true));
    operators.add("Hardmax", call -> rows(call, Softmaxes::hardmax));
  }

  private static OnnxTensor softmax(Call call, boolean log) {
    return rows(
        call,
        (rows, columns, from, to) ->
            Softmax.rows(rows, columns, log, Workers.shared()).run(from, to));
  }

  /** Over the features of rows or the channels of images there is an operator of ours. */
  private static Operand channels(Call call, Nodes nodes, boolean log) {
    int rank = call.operand(0).dims().length;
    int axis = Shapes.axis(axis(call), rank);
    if (axis != 1 || (rank > 2 && call.opset() < 13)) {
      return null;
    }
    return nodes.all(
        call,
        call.operand(0).dims(),
        (read, context) ->
            log
                ? ChannelSoftmax.log(read.getFirst(), context)
                : ChannelSoftmax.apply(read.getFirst(), context));
  }

  private static int axis(Call call) {
    return call.integer("axis", call.opset() < 13 ? 1 : -1);
  }

  /** Rows lie along the axis; before operator set 13 along it and all behind it. */
  private static OnnxTensor rows(Call call, OfRows function) {
    OnnxTensor x = call.input(0);
    if (!x.isReal()) {
      throw new Unsupported("%s of %s".formatted(call.operator(), x.type()));
    }
    if (x.size() == 0) {
      return x;
    }
    int axis = Shapes.axis(axis(call), x.rank());
    if (call.opset() < 13) {
      return run(function, x, Shapes.product(x.dims(), 0, axis));
    }
    Rows rows = Rows.along(x, axis);
    return Rows.restored(axis, run(function, rows.tensor(), rows.count()));
  }

  private static OnnxTensor run(OfRows function, OnnxTensor x, int count) {
    float[] y = new float[x.size()];
    function.run(count, y.length / count, x.floats(), y);
    return OnnxTensor.ofFloats(x.type(), y, x.dims());
  }

  /** One at the first greatest element of a row. */
  private static void hardmax(int rows, int columns, float[] x, float[] y) {
    for (int start = 0; start < rows * columns; start += columns) {
      int best = start;
      for (int i = start + 1; i < start + columns; i++) {
        best = x[i] > x[best] ? i : best;
      }
      y[best] = 1;
    }
  }
}
