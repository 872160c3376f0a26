package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.reference.BlockedLayout;
import java.util.Arrays;

/**
 * One convolution with its data: row-major arrays, a bias or none, a residual or none, an
 * activation.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ConvProblem(
    ConvShape shape,
    float[] input,
    float[] filter,
    float[] bias,
    float[] residual,
    Activation activation) {

  /** Products of such integers, summed over the longest reductions, stay exact in float. */
  private static final int LIMIT = 3;

  private static final Activation[] EXACT = {
    Activation.IDENTITY,
    Activation.RELU,
    new Activation.Clamp(-3, 5),
    new Activation.LeakyRelu(0.25f)
  };

  private static final Activation[] ALL = {
    Activation.IDENTITY,
    Activation.RELU,
    Activation.RELU6,
    new Activation.Clamp(0.25f, 0.5f),
    new Activation.LeakyRelu(0.1f),
    Activation.TANH,
    Activation.SIGMOID
  };

  /** Small integers, and an activation that keeps them exact. */
  static ConvProblem integers(ConvShape shape, Data data) {
    return new ConvProblem(
        shape,
        data.integers(inputLayout(shape).denseLength(), LIMIT),
        data.integers(shape.filterLength(), LIMIT),
        data.oneIn(4) ? null : data.integers(shape.outChannels(), 20),
        data.oneIn(2) ? null : data.integers(outputLayout(shape).denseLength(), 20),
        data.oneOf(EXACT));
  }

  /** Reals in [-1, 1), and any activation. */
  static ConvProblem reals(ConvShape shape, Data data) {
    return new ConvProblem(
        shape,
        data.reals(inputLayout(shape).denseLength()),
        data.reals(shape.filterLength()),
        data.oneIn(4) ? null : data.reals(shape.outChannels()),
        data.oneIn(2) ? null : data.reals(outputLayout(shape).denseLength()),
        data.oneOf(ALL));
  }

  ConvProblem withActivation(Activation value) {
    return new ConvProblem(shape, input, filter, bias, residual, value);
  }

  /** One image of the batch as a problem of its own. */
  ConvProblem image(int index) {
    return new ConvProblem(
        shape.batch(1), part(input, index), filter, bias, part(residual, index), activation);
  }

  private float[] part(float[] array, int index) {
    if (array == null) {
      return null;
    }
    int length = array.length / shape.batch();
    return Arrays.copyOfRange(array, index * length, (index + 1) * length);
  }

  /** The output as the kernels give it, blocked. */
  float[] run(Algorithm algorithm, Workers workers) {
    return run(algorithm, workers, false);
  }

  /** The output of the true convolution, blocked. */
  float[] runFlipped(Algorithm algorithm, Workers workers) {
    return run(algorithm, workers, true);
  }

  private float[] run(Algorithm algorithm, Workers workers, boolean flipped) {
    ConvOptions options =
        ConvOptions.defaults()
            .withAlgorithm(algorithm)
            .withActivation(activation)
            .withWorkers(workers);
    ConvPlan plan = ConvPlan.of(shape, residual == null ? options : options.withResidual());
    PackedFilter packed = flipped ? plan.packFlipped(filter, bias) : plan.pack(filter, bias);
    float[] blocked = inputLayout(shape).toBlocked(input);
    float[] output = Floats.unset(plan.outputLength());
    if (residual == null) {
      plan.run(blocked, packed, output);
    } else {
      plan.run(blocked, packed, outputLayout(shape).toBlocked(residual), output);
    }
    return output;
  }

  static BlockedLayout inputLayout(ConvShape shape) {
    return new BlockedLayout(shape.inputDims());
  }

  static BlockedLayout outputLayout(ConvShape shape) {
    return new BlockedLayout(shape.outputDims());
  }
}
