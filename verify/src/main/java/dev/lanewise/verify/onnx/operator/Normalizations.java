package dev.lanewise.verify.onnx.operator;

import dev.lanewise.kernels.norm.LocalResponseNorm;
import dev.lanewise.kernels.norm.NormPlan;
import dev.lanewise.kernels.norm.Statistics;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.verify.onnx.tensor.OnnxTensor;
import dev.lanewise.verify.onnx.tensor.Shapes;
import dev.lanewise.verify.onnx.tensor.Unsupported;
import java.util.Arrays;
import java.util.List;

/** Normalisations. */
final class Normalizations {

  private static final float EPSILON = 1e-5f;

  private Normalizations() {}

  static void register(Operators operators) {
    operators.addMany("BatchNormalization", Normalizations::batch);
    operators.add("InstanceNormalization", Normalizations::instance);
    operators.add("GroupNormalization", 18, Normalizations::groupWithGroupParameters);
    operators.add("GroupNormalization", 21, Normalizations::group);
    operators.add("LRN", Normalizations::localResponse);
    operators.add("LpNormalization", Normalizations::lp);
  }

  private static List<OnnxTensor> batch(Call call) {
    if (!call.flag("spatial", true) || (call.opset() < 14 && call.wants(1))) {
      throw new Unsupported(
          "BatchNormalization of operator set %d in training or not spatial"
              .formatted(call.opset()));
    }
    OnnxTensor x = Blocked.image(call, 0, 2);
    Blocked.checkSize(x.dims());
    NormPlan plan = NormPlan.batch(x.dims(), call.real("epsilon", EPSILON), Workers.shared());
    float[] gamma = call.input(1).floats();
    float[] beta = call.input(2).floats();
    Statistics given = new Statistics(call.input(3).floats(), call.input(4).floats());
    float[] values = Blocked.of(x);
    if (!call.flag("training_mode", false)) {
      plan.infer(values, gamma, beta, given, values);
      return List.of(Blocked.back(x.type(), values, x.dims()));
    }
    Statistics own = plan.statistics();
    plan.run(values, gamma, beta, own, values);
    return List.of(
        Blocked.back(x.type(), values, x.dims()),
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

  private static OnnxTensor instance(Call call) {
    OnnxTensor x = Blocked.image(call, 0, 3);
    Blocked.checkSize(x.dims());
    NormPlan plan = NormPlan.instance(x.dims(), call.real("epsilon", EPSILON), Workers.shared());
    return run(plan, x, call.input(1).floats(), call.input(2).floats());
  }

  private static OnnxTensor group(Call call) {
    return group(call, call.input(1).floats(), call.input(2).floats());
  }

  /** Before operator set 21 there was a scale for each group, not each channel. */
  private static OnnxTensor groupWithGroupParameters(Call call) {
    int channels = Blocked.image(call, 0, 3).dims()[1];
    return group(call, repeated(call.input(1), channels), repeated(call.input(2), channels));
  }

  private static float[] repeated(OnnxTensor perGroup, int channels) {
    int each = channels / Math.max(1, perGroup.size());
    Check.that(
        each * perGroup.size() == channels, "%s for groups of %d channels", perGroup, channels);
    float[] values = new float[channels];
    for (int c = 0; c < channels; c++) {
      values[c] = (float) perGroup.real(c / each);
    }
    return values;
  }

  private static OnnxTensor group(Call call, float[] gamma, float[] beta) {
    OnnxTensor x = Blocked.image(call, 0, 3);
    Blocked.checkSize(x.dims());
    int groups = call.integer("num_groups", 0);
    NormPlan plan =
        NormPlan.group(x.dims(), groups, call.real("epsilon", EPSILON), Workers.shared());
    return run(plan, x, gamma, beta);
  }

  private static OnnxTensor run(NormPlan plan, OnnxTensor x, float[] gamma, float[] beta) {
    float[] values = Blocked.of(x);
    plan.run(values, gamma, beta, plan.statistics(), values);
    return Blocked.back(x.type(), values, x.dims());
  }

  private static OnnxTensor localResponse(Call call) {
    OnnxTensor x = Blocked.image(call, 0, 3);
    int size = call.integer("size", 0);
    float[] y = Blocked.zeros(x.dims());
    LocalResponseNorm.of(
            x.dims(),
            size,
            call.real("alpha", 1e-4f),
            call.real("beta", 0.75f),
            call.real("bias", 1),
            Workers.shared())
        .run(Blocked.of(x), y);
    return Blocked.back(x.type(), y, x.dims());
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
