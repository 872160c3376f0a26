package dev.lanewise.kernels.composite;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.composite.Chain.Link;
import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.kernels.separable.SeparablePlan;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Objects;

/**
 * The backward pass of a {@link SeparablePlan}: gradients by data, by both filters and by both
 * biases.
 *
 * <p>The fused call does not keep what lies between its two convolutions: the backward pass
 * computes it again, with the same bits, which costs a few per cent of the gradients. What is
 * differentiated is the separable convolution without the epilogue of its second part, as in {@link
 * ConvGradient}. Results have the same bits for any number of threads. In a steady state calls
 * allocate nothing; callers wait for each other.
 */
public final class SeparableGradient {

  private final LinkPasses depthwise;
  private final ConvGradient pointwise;
  private final float[] between;
  private final float[] gradBetween;

  /** The depthwise filter and bias laid out, from the first call on. */
  private PackedFilter packed;

  private SeparableGradient(
      ConvShape depthwise, int outChannels, Activation middle, ConvOptions options) {
    ConvOptions own =
        ConvOptions.defaults()
            .withAccuracy(options.accuracy())
            .withWorkspaceLimit(options.workspaceLimit())
            .withWorkers(options.workers());
    ConvShape second =
        new ConvShape(
            depthwise.batch(),
            depthwise.outChannels(),
            outChannels,
            1,
            depthwise.axes().stream().map(axis -> Axis.of(axis.output(), 1)).toList());
    this.depthwise =
        new LinkPasses(new Link(depthwise, middle), own.withAlgorithm(Algorithm.DEPTHWISE), own);
    pointwise = ConvGradient.of(second, own);
    between = new float[this.depthwise.outputLength()];
    gradBetween = new float[between.length];
  }

  /**
   * The gradients of a separable convolution.
   *
   * @param depthwise the first convolution, with any stride, dilation and channel multiplier
   * @param outChannels output channels of the second
   * @param middle applied to the output of the first
   * @param options accuracy, workspace limit and workers; the others have no say
   * @throws IllegalArgumentException if the first convolution is not depthwise
   */
  public static SeparableGradient of(
      ConvShape depthwise, int outChannels, Activation middle, ConvOptions options) {
    Objects.requireNonNull(depthwise, "depthwise");
    Objects.requireNonNull(middle, "middle");
    Objects.requireNonNull(options, "options");
    Check.positive("outChannels", outChannels);
    return new SeparableGradient(depthwise, outChannels, middle, options);
  }

  /**
   * Computes all gradients.
   *
   * @param input of the forward pass, NCHW16C
   * @param filters of the forward pass; the pointwise bias has no part in the gradients
   * @param gradOutput gradient of the output without its epilogue, NCHW16C
   * @param gradInput overwritten; null if it is not wanted
   * @param gradients overwritten
   * @throws IllegalArgumentException if a length is wrong
   */
  public synchronized void backward(
      float[] input,
      SeparableFilters filters,
      float[] gradOutput,
      float[] gradInput,
      SeparableFilters gradients) {
    if (packed == null) {
      packed = depthwise.plan().pack(filters.depthwise(), filters.depthwiseBias());
    } else {
      depthwise.plan().repack(filters.depthwise(), filters.depthwiseBias(), packed);
    }
    depthwise.forward(input, packed, between);
    pointwise.filter(between, gradOutput, gradients.pointwise());
    pointwise.bias(gradOutput, gradients.pointwiseBias());
    pointwise.data(filters.pointwise(), gradOutput, gradBetween);
    depthwise.backward(
        input,
        filters.depthwise(),
        between,
        gradBetween,
        gradInput,
        gradients.depthwise(),
        gradients.depthwiseBias());
  }
}
