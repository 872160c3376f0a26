package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.pool.MaxUnpool;
import dev.lanewise.kernels.pool.PoolPlan;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.BlockedLayout;
import dev.lanewise.verify.reference.ReferenceWindows;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where maxima are found, and that unpooling puts them back there. Data are few integers, so that
 * ties are frequent.
 */
public final class UnpoolChecks implements RandomCheck {

  private static final int FEW = 3;

  private final Setting setting;

  /** Checks in a setting. */
  public UnpoolChecks(Setting setting) {
    this.setting = setting;
  }

  @Override
  public void run(int index) {
    Problem problem = new Problem(RandomShapes.pooling(setting.shape(index)), setting.data(index));
    String subject = setting.subject(problem.shape, index);
    setting.findings().check("pool indices", subject, problem::indicesFault);
    setting.findings().check("unpool", subject, problem::unpoolFault);
    setting.findings().check("unpool gradients", subject, problem::gradientFault);
    setting.promises("unpool", subject, problem::run, problem.inputs, problem.outputs);
  }

  /** One pooling with its data, row-major. */
  private final class Problem {
    final PoolShape shape;
    final BlockedLayout inputs;
    final BlockedLayout outputs;
    private final float[] input;
    private final float[] gradInput;
    private final int[] places;
    private final int pixels;

    Problem(PoolShape shape, Data data) {
      this.shape = shape;
      inputs = new BlockedLayout(shape.inputDims());
      outputs = new BlockedLayout(shape.outputDims());
      input = data.integers(inputs.denseLength(), FEW);
      gradInput = data.reals(inputs.denseLength());
      places = ReferenceWindows.of(shape).greatestAt(input);
      pixels = input.length / (shape.batch() * shape.channels());
    }

    /** Pooled and unpooled again: the result, and the gradient of the maxima. */
    List<float[]> run(Workers workers) {
      PoolPlan pool = PoolPlan.max(shape, workers);
      float[] pooled = new float[pool.outputLength()];
      int[] indices = new int[pool.outputLength()];
      pool.runWithIndices(inputs.toBlocked(input), pooled, indices);
      int[] size = Arrays.stream(shape.inputDims()).skip(2).toArray();
      MaxUnpool unpool = MaxUnpool.of(shape.outputDims(), size, workers);
      float[] unpooled = Floats.unset(unpool.outputLength());
      unpool.run(pooled, indices, unpooled);
      float[] gradient = Floats.unset(unpool.inputLength());
      unpool.backward(indices, inputs.toBlocked(gradInput), gradient);
      return List.of(unpooled, gradient);
    }

    Optional<Mismatch> indicesFault() {
      PoolPlan pool = PoolPlan.max(shape, setting.one());
      int[] indices = new int[pool.outputLength()];
      pool.runWithIndices(inputs.toBlocked(input), new float[pool.outputLength()], indices);
      for (int i = 0; i < places.length; i++) {
        int index = indices[outputs.place(i)];
        if (index != places[i] % pixels) {
          return Optional.of(new Mismatch(i, places[i] % pixels, index, 0));
        }
      }
      return Optional.empty();
    }

    Optional<Mismatch> unpoolFault() {
      double[] expected = new double[input.length];
      for (int place : places) {
        expected[place] = input[place];
      }
      return Mismatch.exact(expected, inputs.toDense(run(setting.one()).get(0)));
    }

    Optional<Mismatch> gradientFault() {
      double[] expected = Arrays.stream(places).mapToDouble(place -> gradInput[place]).toArray();
      return Mismatch.exact(expected, outputs.toDense(run(setting.one()).get(1)));
    }
  }
}
