package dev.lanewise.kernels.composite;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.composite.Chain.Link;
import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.kernels.shape.ConvShape;

/** Forward and backward pass of one convolution with its activation, and what is kept between. */
final class LinkPasses {

  private final ConvShape shape;
  private final Activation activation;
  private final ConvPlan plan;
  private final ConvGradient gradient;

  /** The convolution's sums, if the activation's derivative needs them, else null. */
  private final float[] sums;

  private final float[] gradSums;

  /**
   * The passes of a link.
   *
   * @param forward options of the convolution
   * @param backward options of its gradients
   */
  LinkPasses(Link link, ConvOptions forward, ConvOptions backward) {
    shape = link.shape();
    activation = link.activation();
    boolean needsSums = Activations.needsInput(activation);
    plan = ConvPlan.of(shape, forward.withActivation(needsSums ? Activation.IDENTITY : activation));
    gradient = ConvGradient.of(shape, backward);
    sums = needsSums ? new float[plan.outputLength()] : null;
    gradSums = new float[plan.outputLength()];
  }

  ConvPlan plan() {
    return plan;
  }

  int outputLength() {
    return gradSums.length;
  }

  void forward(float[] input, PackedFilter filter, float[] output) {
    if (sums == null) {
      plan.run(input, filter, output);
    } else {
      plan.run(input, filter, sums);
      activate(output);
    }
  }

  /** Applies the activation to the sums. */
  private void activate(float[] output) {
    System.arraycopy(sums, 0, output, 0, output.length);
    int blocks = Layout.blocks(shape.outChannels());
    int plane = output.length / Math.max(1, shape.batch() * blocks);
    for (int i = 0; i < shape.batch() * blocks; i++) {
      int channels = Math.min(Layout.BLOCK, shape.outChannels() - i % blocks * Layout.BLOCK);
      Activations.applyBlocked(activation, output, i * plane, (i + 1) * plane, channels);
    }
  }

  /**
   * Carries a gradient back.
   *
   * @param input of the forward pass
   * @param filter of the forward pass, unpacked
   * @param output of the forward pass
   * @param gradInput overwritten; null if it is not wanted
   * @param gradFilter overwritten
   * @param gradBias overwritten
   */
  void backward(
      float[] input,
      float[] filter,
      float[] output,
      float[] gradOutput,
      float[] gradInput,
      float[] gradFilter,
      float[] gradBias) {
    float[] kept = sums == null ? output : sums;
    Activations.backward(activation, kept, gradOutput, gradSums, 0, gradSums.length);
    gradient.filter(input, gradSums, gradFilter);
    gradient.bias(gradSums, gradBias);
    if (gradInput != null) {
      gradient.data(filter, gradSums, gradInput);
    }
  }
}
