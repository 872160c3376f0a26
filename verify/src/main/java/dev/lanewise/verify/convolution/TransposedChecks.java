package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.transposed.PackedTransposedFilter;
import dev.lanewise.kernels.transposed.TransposedAxis;
import dev.lanewise.kernels.transposed.TransposedPlan;
import dev.lanewise.kernels.transposed.TransposedShape;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Findings;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.BlockedLayout;
import dev.lanewise.verify.reference.ReferenceTransposed;
import java.util.ArrayList;
import java.util.List;

/**
 * Transposed convolutions of random shapes: equal on small integers, where every sum is exact, and
 * the same bits for any number of threads and any batch.
 */
public final class TransposedChecks implements RandomCheck {

  private static final int LIMIT = 3;
  private static final long MOST_MULTIPLY_ADDS = 200_000;

  private final Setting setting;

  /** Checks in a setting. */
  public TransposedChecks(Setting setting) {
    this.setting = setting;
  }

  @Override
  public void run(int index) {
    TransposedShape shape = draw(setting.shape(index));
    Data data = setting.data(index);
    Findings findings = setting.findings();
    Workers one = setting.one();
    BlockedLayout inputs = new BlockedLayout(shape.inputDims());
    BlockedLayout outputs = new BlockedLayout(shape.outputDims());
    String subject = setting.subject(shape, index);
    float[] input = data.integers(inputs.denseLength(), LIMIT);
    float[] filter = data.integers(shape.filterLength(), LIMIT);
    float[] bias = data.oneIn(3) ? null : data.integers(shape.outChannels(), LIMIT);
    findings.check(
        "transposed equals on integers",
        subject,
        () ->
            Mismatch.exact(
                new ReferenceTransposed(shape).forward(input, filter, bias),
                outputs.toDense(run(shape, inputs.toBlocked(input), filter, bias, one))));
    float[] reals = inputs.toBlocked(data.reals(inputs.denseLength()));
    float[] weights = data.reals(shape.filterLength());
    findings.check(
        "transposed same bits in a batch",
        subject,
        () -> {
          int last = shape.batch() - 1;
          return Mismatch.sameBits(
              run(shape.batch(1), inputs.image(reals, last), weights, null, one),
              outputs.image(run(shape, reals, weights, null, one), last));
        });
    setting.promises(
        "transposed",
        subject,
        workers -> List.of(run(shape, reals, weights, null, workers)),
        outputs);
  }

  private static float[] run(
      TransposedShape shape, float[] input, float[] filter, float[] bias, Workers workers) {
    ConvOptions options =
        ConvOptions.defaults()
            .withAccuracy(Accuracy.STRICT)
            .withActivation(Activation.IDENTITY)
            .withWorkers(workers);
    TransposedPlan plan = TransposedPlan.of(shape, options);
    PackedTransposedFilter packed = plan.pack(filter, bias);
    float[] output = Floats.unset(plan.outputLength());
    plan.run(input, packed, output);
    return output;
  }

  private static TransposedShape draw(Data data) {
    while (true) {
      int groups = data.oneOf(1, 1, 1, 2, 4, data.between(1, 20));
      int in = groups * (groups > 4 ? 1 : data.oneOf(1, 3, 8, 16, data.between(1, 40)));
      int out = groups * (groups > 4 ? data.between(1, 2) : data.oneOf(1, 4, 16, 33));
      List<TransposedAxis> axes = axes(data, data.oneOf(1, 2, 2, 2, 3));
      boolean fits = axes.stream().allMatch(axis -> axis.fits() && axis.output() > 0);
      if (fits) {
        TransposedShape shape = new TransposedShape(data.between(1, 3), in, out, groups, axes);
        if (shape.multiplyAdds() <= MOST_MULTIPLY_ADDS) {
          return shape;
        }
      }
    }
  }

  private static List<TransposedAxis> axes(Data data, int count) {
    List<TransposedAxis> axes = new ArrayList<>();
    while (axes.size() < count) {
      int kernel = data.oneOf(1, 2, 3, 3, 4, data.between(1, 7));
      int stride = data.oneOf(1, 1, 2, 2, 3, 4);
      int dilation = data.oneOf(1, 1, 1, 2, 3);
      int extent = (kernel - 1) * dilation + 1;
      TransposedAxis axis =
          TransposedAxis.of(data.between(1, count == 3 ? 5 : 14), kernel)
              .withStride(stride)
              .withDilation(dilation)
              .withPadding(data.between(0, extent - 1), data.between(0, extent - 1));
      axes.add(axis.withOutputPadding(data.between(0, Math.max(stride, dilation) - 1)));
    }
    return axes;
  }
}
