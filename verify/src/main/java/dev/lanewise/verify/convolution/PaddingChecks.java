package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.padding.Padding;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PaddingMode;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.BlockedLayout;
import dev.lanewise.verify.reference.ReferenceConvolution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Padding of every mode and its gradient, equal on integers.
 *
 * <p>The reference is the convolution of each channel with a kernel of a single 1: its output is
 * the padded image, and its gradient folds the halo back.
 */
public final class PaddingChecks implements RandomCheck {

  private static final int LIMIT = 9;

  private final Setting setting;

  /** Checks in a setting. */
  public PaddingChecks(Setting setting) {
    this.setting = setting;
  }

  /** Checks one mode after the other. */
  @Override
  public void run(int index) {
    PaddingMode[] modes = PaddingMode.values();
    Data data = setting.data(index);
    check(draw(modes[index % modes.length], data), data, index);
  }

  private static ConvShape draw(PaddingMode mode, Data data) {
    int count = data.oneOf(1, 2, 2, 3);
    List<Axis> axes = new ArrayList<>();
    while (axes.size() < count) {
      int input = data.between(1, count == 3 ? 5 : 12);
      int most = mode == PaddingMode.REFLECT ? input - 1 : input;
      axes.add(Axis.of(input, 1).withPadding(data.between(0, most), data.between(0, most)));
    }
    int channels = data.oneOf(1, 5, 16, 19, 33);
    return new ConvShape(data.between(1, 2), channels, channels, channels, axes).padding(mode);
  }

  private void check(ConvShape shape, Data data, int index) {
    ReferenceConvolution reference = new ReferenceConvolution(shape);
    BlockedLayout inputs = ConvProblem.inputLayout(shape);
    BlockedLayout outputs = ConvProblem.outputLayout(shape);
    float[] ones = new float[shape.filterLength()];
    Arrays.fill(ones, 1);
    float[] input = data.integers(inputs.denseLength(), LIMIT);
    float[] gradient = data.integers(outputs.denseLength(), LIMIT);
    String label = "padding " + shape.paddingMode().label();
    String subject = setting.subject(shape, index);
    List<float[]> results =
        run(shape, inputs.toBlocked(input), outputs.toBlocked(gradient), setting.one());
    setting
        .findings()
        .check(
            label,
            subject,
            () ->
                Mismatch.exact(
                    reference.forward(input, ones, null), outputs.toDense(results.get(0))));
    setting
        .findings()
        .check(
            label + " gradients",
            subject,
            () ->
                Mismatch.exact(
                    reference.gradientOfInput(ones, gradient), inputs.toDense(results.get(1))));
    float[] reals = inputs.toBlocked(data.reals(inputs.denseLength()));
    float[] realGradient = outputs.toBlocked(data.reals(outputs.denseLength()));
    setting.promises(
        "padding", subject, workers -> run(shape, reals, realGradient, workers), outputs, inputs);
  }

  private static List<float[]> run(
      ConvShape shape, float[] input, float[] gradient, Workers workers) {
    Padding plan = Padding.of(shape, workers);
    float[] padded = Floats.unset(plan.paddedLength());
    float[] gradInput = Floats.unset(plan.inputLength());
    plan.run(input, padded);
    plan.backward(gradient, gradInput);
    return List.of(padded, gradInput);
  }
}
