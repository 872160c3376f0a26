package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.separable.SeparablePlan;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.BlockedLayout;
import dev.lanewise.verify.reference.ReferenceActivation;
import dev.lanewise.verify.reference.ReferenceConvolution;
import java.util.List;

/**
 * Depthwise and pointwise convolution in one call, equal on integers to the reference of its two
 * stages.
 */
public final class SeparableChecks implements RandomCheck {

  private static final int LIMIT = 2;
  private static final long MOST_MULTIPLY_ADDS = 100_000;

  private final Setting setting;

  /** Checks in a setting. */
  public SeparableChecks(Setting setting) {
    this.setting = setting;
  }

  @Override
  public void run(int index) {
    check(draw(setting.shape(index)), index);
  }

  /** The depthwise part. */
  static ConvShape draw(Data data) {
    return RandomShapes.small(ShapeKind.DEPTHWISE, MOST_MULTIPLY_ADDS, data);
  }

  private void check(ConvShape depthwise, int index) {
    Data data = setting.data(index);
    Problem integers = new Problem(depthwise, data.between(1, 40), data, true);
    Problem reals = new Problem(depthwise, integers.outChannels, data, false);
    String what = "%s then %d channels".formatted(depthwise, integers.outChannels);
    String subject = setting.subject(what, index);
    setting
        .findings()
        .check(
            "separable equals on integers",
            subject,
            () ->
                Mismatch.exact(
                    integers.expected(), integers.outputs.toDense(integers.run(setting.one()))));
    setting.promises("separable", subject, workers -> List.of(reals.run(workers)), reals.outputs);
  }

  /** Both stages with their data, row-major. */
  private static final class Problem {
    final int outChannels;
    final BlockedLayout outputs;
    private final ConvShape depthwise;
    private final ConvShape pointwise;
    private final Activation middle;
    private final float[] input;
    private final float[] depthwiseFilter;
    private final float[] depthwiseBias;
    private final float[] pointwiseFilter;
    private final float[] pointwiseBias;

    Problem(ConvShape depthwise, int outChannels, Data data, boolean integers) {
      this.depthwise = depthwise;
      this.outChannels = outChannels;
      int between = depthwise.outChannels();
      pointwise =
          new ConvShape(
              depthwise.batch(),
              between,
              outChannels,
              1,
              depthwise.axes().stream().map(axis -> Axis.of(axis.output(), 1)).toList());
      outputs = ConvProblem.outputLayout(pointwise);
      middle = data.oneOf(Activation.IDENTITY, Activation.RELU, Activation.RELU6);
      int length = ConvProblem.inputLayout(depthwise).denseLength();
      input = values(data, length, integers);
      depthwiseFilter = values(data, depthwise.filterLength(), integers);
      depthwiseBias = data.oneIn(3) ? null : values(data, between, integers);
      pointwiseFilter = values(data, pointwise.filterLength(), integers);
      pointwiseBias = data.oneIn(3) ? null : values(data, outChannels, integers);
    }

    private static float[] values(Data data, int length, boolean integers) {
      return integers ? data.integers(length, LIMIT) : data.reals(length);
    }

    double[] expected() {
      double[] sums =
          new ReferenceConvolution(depthwise).forward(input, depthwiseFilter, depthwiseBias);
      float[] between = new float[sums.length];
      for (int i = 0; i < between.length; i++) {
        between[i] = (float) ReferenceActivation.value(middle, sums[i]);
      }
      return new ReferenceConvolution(pointwise).forward(between, pointwiseFilter, pointwiseBias);
    }

    float[] run(Workers workers) {
      SeparablePlan plan =
          SeparablePlan.of(
              depthwise, outChannels, middle, ConvOptions.defaults().withWorkers(workers));
      float[] output = Floats.unset(plan.outputLength());
      plan.run(
          ConvProblem.inputLayout(depthwise).toBlocked(input),
          plan.pack(depthwiseFilter, depthwiseBias, pointwiseFilter, pointwiseBias),
          output);
      return output;
    }
  }
}
