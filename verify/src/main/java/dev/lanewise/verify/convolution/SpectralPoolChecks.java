package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.pool.SpectralPooling;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.BlockedLayout;
import dev.lanewise.verify.reference.FiniteDifference;
import dev.lanewise.verify.reference.ReferenceSpectral;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Spectral pooling and its gradient.
 *
 * <p>The matrix of an axis from n to m elements has entries of at most m / n. Of its n terms each
 * is rounded n + 2 times; a result of values up to 1 is at most m along each axis, of which the
 * rounding errors of all axes are parts. The gradient's m terms are no larger.
 */
public final class SpectralPoolChecks implements RandomCheck {

  private static final int PROBES = 4;

  private final Setting setting;

  /** Checks in a setting. */
  public SpectralPoolChecks(Setting setting) {
    this.setting = setting;
  }

  @Override
  public void run(int i) {
    Problem problem = new Problem(setting.data(i));
    String subject = setting.subject(problem, i);
    List<float[]> results = problem.run(setting.one());
    setting.findings().check("pool spectral", subject, () -> problem.forwardFault(results.get(0)));
    setting
        .findings()
        .check("pool spectral gradients", subject, () -> problem.gradientFault(results.get(1)));
    setting.promises("pool", subject, problem::run, problem.outputs, problem.inputs);
  }

  /** One pooling with its data, row-major. */
  private static final class Problem {
    final BlockedLayout inputs;
    final BlockedLayout outputs;
    private final int[] dims;
    private final int[] size;
    private final Data data;
    private final float[] x;
    private final float[] dy;
    private final ReferenceSpectral reference;

    Problem(Data data) {
      this.data = data;
      int axes = data.oneOf(1, 2, 2, 3);
      dims = new int[2 + axes];
      dims[0] = data.between(1, 2);
      dims[1] = data.oneOf(1, 3, 17);
      for (int i = 2; i < dims.length; i++) {
        dims[i] = data.between(1, axes == 1 ? 40 : axes == 2 ? 12 : 5);
      }
      size = IntStream.range(2, dims.length).map(i -> data.between(1, dims[i])).toArray();
      int[] outputDims = dims.clone();
      System.arraycopy(size, 0, outputDims, 2, axes);
      inputs = new BlockedLayout(dims);
      outputs = new BlockedLayout(outputDims);
      x = data.reals(inputs.denseLength());
      dy = data.reals(outputs.denseLength());
      reference = new ReferenceSpectral(dims, size);
    }

    @Override
    public String toString() {
      return "%s to %s".formatted(Arrays.toString(dims), Arrays.toString(size));
    }

    List<float[]> run(Workers workers) {
      SpectralPooling plan = SpectralPooling.of(dims, size, workers);
      float[] y = Floats.unset(outputs.blockedLength());
      float[] dx = Floats.unset(inputs.blockedLength());
      plan.run(inputs.toBlocked(x), y);
      plan.backward(outputs.toBlocked(dy), dx);
      return List.of(y, dx);
    }

    private double allowed() {
      int roundings = Arrays.stream(dims).skip(2).map(n -> n + 2).sum();
      return roundings * ConvChecks.HALF_ULP * Arrays.stream(size).reduce(1, (a, b) -> a * b);
    }

    Optional<Mismatch> forwardFault(float[] y) {
      return Mismatch.within(
          reference.forward(Floats.doubles(x)), outputs.toDense(y), i -> allowed());
    }

    Optional<Mismatch> gradientFault(float[] blocked) {
      float[] dx = inputs.toDense(blocked);
      for (int probe = 0; probe < PROBES; probe++) {
        int i = data.between(0, x.length - 1);
        double expected =
            FiniteDifference.at(
                at -> FiniteDifference.product(reference.forward(at), dy), Floats.doubles(x), i);
        if (!(Math.abs(dx[i] - expected) <= allowed())) {
          return Optional.of(new Mismatch(i, expected, dx[i], allowed()));
        }
      }
      return Optional.empty();
    }
  }
}
