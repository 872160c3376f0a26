package dev.lanewise.kernels.plan;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activation.Identity;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;

/**
 * The operands of one run of a plan, and what is done to each piece of output once its sums are
 * complete. Plans keep their calls and use them again.
 */
public final class ConvCall implements Task {

  private final ConvAlgorithm algorithm;
  private final Activation activation;
  private final int outChannels;
  private float[] input;
  private float[] weights;
  private float[] bias;
  private float[] residual;
  private float[] output;

  ConvCall(ConvAlgorithm algorithm, Activation activation, int outChannels) {
    this.algorithm = algorithm;
    this.activation = activation;
    this.outChannels = outChannels;
  }

  ConvCall with(float[] newInput, PackedFilter filter, float[] newResidual, float[] newOutput) {
    input = newInput;
    weights = filter == null ? null : filter.weights;
    bias = filter == null ? null : filter.bias;
    residual = newResidual;
    output = newOutput;
    return this;
  }

  /** Lets go of the operands. */
  void clear() {
    with(null, null, null, null);
  }

  /** The input, NCHW16C. */
  public float[] input() {
    return input;
  }

  /** The filter as {@link ConvAlgorithm#pack} laid it out. */
  public float[] weights() {
    return weights;
  }

  /** The bias of each output channel, padded with zeros to whole blocks of 16. */
  public float[] bias() {
    return bias;
  }

  /** The output, NCHW16C. */
  public float[] output() {
    return output;
  }

  /**
   * Adds the residual and applies the activation to output whose sums are complete and which is
   * best still in the first-level cache.
   *
   * @param block the block of 16 output channels in which it lies
   * @param from where it begins in the output
   * @param length its floats, a multiple of 16
   */
  public void finish(int block, int from, int length) {
    if (residual != null) {
      for (int i = from; i < from + length; i++) {
        output[i] += residual[i];
      }
    }
    if (!(activation instanceof Identity)) {
      int channels = Math.min(Layout.BLOCK, outChannels - block * Layout.BLOCK);
      Activations.applyBlocked(activation, output, from, from + length, channels);
    }
  }

  @Override
  public void run(int worker, int workers, Scratch scratch) {
    algorithm.run(worker, workers, scratch, this);
  }
}
