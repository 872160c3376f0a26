package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.norm.NormPlan;
import dev.lanewise.kernels.norm.Statistics;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Shapes;
import dev.lanewise.models.onnx.tensor.Unsupported;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.op.LocalResponse;
import dev.lanewise.nn.op.Normalization;
import dev.lanewise.nn.op.Normalization.Affine;
import dev.lanewise.nn.op.Normalization.Epilogue;
import dev.lanewise.nn.op.Normalization.Running;
import java.util.Arrays;
import java.util.List;

/** Normalisations. */
final class Normalizations {

  private static final float EPSILON = 1e-5f;

  private Normalizations() {}

  static void register(Operators operators) {
    operators.kernel("BatchNormalization", Normalizations::batch);
    operators.addMany("BatchNormalization", Normalizations::trainedBatch);
    operators.kernel("InstanceNormalization", Normalizations::instance);
    operators.kernel("GroupNormalization", 18, Normalizations::groupWithGroupParameters);
    operators.kernel("GroupNormalization", 21, Normalizations::group);
    operators.kernel("LRN", Normalizations::localResponse);
    operators.add("LpNormalization", Normalizations::lp);
  }

  private static Operand batch(Call call, Nodes nodes) {
    if (!call.flag("spatial", true) || (call.opset() < 14 && call.wants(1))) {
      throw new Unsupported(
          "BatchNormalization of operator set %d in training or not spatial"
              .formatted(call.opset()));
    }
    if (call.flag("training_mode", false)) {
      return null;
    }
    Operand.Open x = Images.open(call, 2);
    for (int i = 1; i < 5; i++) {
      Check.that(
          call.input(i).size() == x.dims()[1],
          "a batch norm of %s by %s",
          x.value(),
          call.input(i));
    }
    // Training never goes on here: the momentum is without effect.
    Running running = new Running(channels(call, 3), channels(call, 4), 0);
    Affine affine = new Affine(channels(call, 1), channels(call, 2), epsilon(call));
    return nodes.add(call, new Operator.BatchNorm(affine, running), x.dims(), x);
  }

  private static float epsilon(Call call) {
    return call.real("epsilon", EPSILON);
  }

  private static Tensor channels(Call call, int input) {
    return call.parameter(input, given -> Tensor.of(given.floats(), given.size()));
  }

  /** By the statistics of the batch, with new running averages. */
  private static List<OnnxTensor> trainedBatch(Call call) {
    OnnxTensor x = call.input(0);
    if (!x.isReal()) {
      throw new Unsupported("BatchNormalization of " + x.type());
    }
    Images.size(x.dims());
    NormPlan plan = NormPlan.batch(x.dims(), epsilon(call), Workers.shared());
    float[] values = Reorder.to(x.dims(), Layout.NCHW, x.floats(), Layout.NCHW16C);
    Statistics own = plan.statistics();
    plan.run(values, call.input(1).floats(), call.input(2).floats(), own, values);
    float[] planar = Reorder.to(x.dims(), Layout.NCHW16C, values, Layout.NCHW);
    return List.of(
        OnnxTensor.ofFloats(x.type(), planar, x.dims()),
        running(call, call.input(3), own.mean()),
        running(call, call.input(4), own.variance()));
  }

  /** Other than in PyTorch, momentum is the weight of the old average. */
  private static OnnxTensor running(Call call, OnnxTensor old, float... own) {
    double momentum = call.real("momentum", 0.9f);
    double[] average = new double[own.length];
    Arrays.setAll(average, i -> momentum * old.real(i) + (1 - momentum) * own[i]);
    return OnnxTensor.ofReals(old.type(), average, average.length);
  }

  private static Operand instance(Call call, Nodes nodes) {
    int channels = Images.open(call, 3).dims()[1];
    return group(call, nodes, channels, channels(call, 1), channels(call, 2));
  }

  private static Operand group(Call call, Nodes nodes) {
    return group(call, nodes, call.integer("num_groups", 0), channels(call, 1), channels(call, 2));
  }

  /** Before operator set 21 there was a scale for each group, not each channel. */
  private static Operand groupWithGroupParameters(Call call, Nodes nodes) {
    int channels = Images.open(call, 3).dims()[1];
    return group(
        call,
        nodes,
        call.integer("num_groups", 0),
        call.parameter(1, given -> repeated(given, channels)),
        call.parameter(2, given -> repeated(given, channels)));
  }

  private static Tensor repeated(OnnxTensor perGroup, int channels) {
    int each = channels / Math.max(1, perGroup.size());
    Check.that(
        each * perGroup.size() == channels, "%s for groups of %d channels", perGroup, channels);
    float[] values = new float[channels];
    for (int c = 0; c < channels; c++) {
      values[c] = (float) perGroup.real(c / each);
    }
    return Tensor.of(values, channels);
  }

  private static Operand group(Call call, Nodes nodes, int groups, Tensor scale, Tensor shift) {
    Operand.Open x = Images.open(call, 3);
    int channels = x.dims()[1];
    Check.that(
        groups >= 1
            && channels % groups == 0
            && scale.size() == channels
            && shift.size() == channels,
        "%d groups, %d scales and %d shifts of %s",
        groups,
        scale.size(),
        shift.size(),
        x.value());
    Affine affine = new Affine(scale, shift, epsilon(call));
    return nodes.some(
        call,
        x.type(),
        x.dims(),
        (read, context) ->
            Normalization.group(read.getFirst(), groups, affine, Epilogue.NONE, context));
  }

  private static Operand localResponse(Call call, Nodes nodes) {
    Operand.Open x = Images.open(call, 3);
    LocalResponse.Window window =
        new LocalResponse.Window(
            call.integer("size", 0),
            call.real("alpha", 1e-4f),
            call.real("beta", 0.75f),
            call.real("bias", 1));
    Check.that(window.size() >= 1, "LRN of size=%d", window.size());
    return nodes.add(call, new Operator.ResponseNorm(window), x.dims(), x);
  }

  /** Divided by the sum of magnitudes or the root of the sum of squares along an axis. */
  private static OnnxTensor lp(Call call) {
    OnnxTensor x = call.input(0);
    int p = call.integer("p", 2);
    Check.that(p == 1 || p == 2, "LpNormalization of p=%d", p);
    int axis = Shapes.axis(call.integer("axis", -1), x.rank());
    Rows rows = Rows.along(x, axis);
    double[] y = new double[x.size()];
    for (int start = 0; start < y.length; start += rows.length()) {
      double sum = 0;
      for (int i = start; i < start + rows.length(); i++) {
        double value = rows.tensor().real(i);
        sum += p == 1 ? Math.abs(value) : value * value;
      }
      double norm = p == 1 ? sum : Math.sqrt(sum);
      for (int i = start; i < start + rows.length(); i++) {
        y[i] = norm == 0 ? 0 : rows.tensor().real(i) / norm;
      }
    }
    return Rows.restored(axis, OnnxTensor.ofReals(x.type(), y, rows.tensor().dims()));
  }
}
