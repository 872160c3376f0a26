package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.pool.PoolPlan;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.BlockedLayout;
import dev.lanewise.verify.reference.ReferencePooling;
import dev.lanewise.verify.reference.ReferencePooling.Kind;
import java.util.List;
import java.util.Optional;

/**
 * Mixed pooling, {@code a max + (1 - a) average}, and its gradient.
 *
 * <p>Of the average's n terms each is rounded at most n + 1 times, the shares and their sum four
 * times more; a gradient sums two terms for each window that shares an element.
 */
public final class MixedPoolChecks implements RandomCheck {

  private final Setting setting;

  /** Checks in a setting. */
  public MixedPoolChecks(Setting setting) {
    this.setting = setting;
  }

  @Override
  public void run(int i) {
    Problem problem = new Problem(RandomShapes.pooling(setting.shape(i)), setting.data(i));
    String subject = setting.subject(problem.shape, i);
    List<float[]> results = problem.run(setting.one());
    setting.findings().check("pool mixed", subject, () -> problem.forwardFault(results.get(0)));
    setting
        .findings()
        .check("pool mixed gradients", subject, () -> problem.backwardFault(results.get(1)));
    setting.promises("pool", subject, problem::run, problem.outputs, problem.inputs);
  }

  /** One pooling with its data, row-major. */
  private static final class Problem {
    final PoolShape shape;
    final BlockedLayout inputs;
    final BlockedLayout outputs;
    private final ReferencePooling reference;
    private final Kind average;
    private final float[] share;
    private final float[] input;
    private final float[] gradOutput;

    Problem(PoolShape shape, Data data) {
      this.shape = shape;
      inputs = new BlockedLayout(shape.inputDims());
      outputs = new BlockedLayout(shape.outputDims());
      reference = new ReferencePooling(shape);
      average = data.oneOf(Kind.AVERAGE, Kind.AVERAGE_WITH_PADDING);
      share = data.reals(data.oneIn(2) ? 1 : shape.channels());
      for (int i = 0; i < share.length; i++) {
        share[i] = Math.abs(share[i]);
      }
      input = data.reals(inputs.denseLength());
      gradOutput = data.reals(outputs.denseLength());
    }

    List<float[]> run(Workers workers) {
      PoolPlan plan = PoolPlan.mixed(shape, average == Kind.AVERAGE_WITH_PADDING, share, workers);
      float[] output = Floats.unset(plan.outputLength());
      float[] gradInput = Floats.unset(plan.inputLength());
      float[] blocked = inputs.toBlocked(input);
      plan.run(blocked, output);
      plan.backward(blocked, output, outputs.toBlocked(gradOutput), gradInput);
      return List.of(output, gradInput);
    }

    private double share(int element, int length) {
      int channel = element / (length / (shape.batch() * shape.channels())) % shape.channels();
      return share[share.length == 1 ? 0 : channel];
    }

    private double[] mixed(double[] greatest, double[] mean) {
      double[] result = new double[mean.length];
      for (int i = 0; i < result.length; i++) {
        double a = share(i, result.length);
        result[i] = a * greatest[i] + (1 - a) * mean[i];
      }
      return result;
    }

    /** No window holds more elements, and no element lies in more windows. */
    private double unit() {
      int taps = shape.axes().stream().mapToInt(axis -> axis.kernel()).reduce(1, (a, b) -> a * b);
      return (2 * taps + 5) * ConvChecks.HALF_ULP;
    }

    Optional<Mismatch> forwardFault(float[] blocked) {
      double[] expected =
          mixed(reference.forward(Kind.MAX, input), reference.forward(average, input));
      return Mismatch.within(expected, outputs.toDense(blocked), i -> unit());
    }

    Optional<Mismatch> backwardFault(float[] blocked) {
      double[] scale = gradient(Floats.magnitudes(gradOutput));
      return Mismatch.within(gradient(gradOutput), inputs.toDense(blocked), i -> unit() * scale[i]);
    }

    private double[] gradient(float... ofOutput) {
      return mixed(
          reference.gradientOfInput(Kind.MAX, input, ofOutput),
          reference.gradientOfInput(average, input, ofOutput));
    }
  }
}
