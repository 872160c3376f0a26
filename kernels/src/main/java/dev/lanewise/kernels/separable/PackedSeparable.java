package dev.lanewise.kernels.separable;

import dev.lanewise.kernels.shape.ConvShape;

/**
 * The filters and biases of a separable convolution: made by {@link SeparablePlan#pack}, used by
 * that plan or any of the same channels and kernel.
 */
public final class PackedSeparable {

  private final ConvShape depthwise;
  private final int outChannels;
  final float[] weights;
  final float[] bias;

  PackedSeparable(ConvShape depthwise, int outChannels, float[] weights, float[] bias) {
    this.depthwise = depthwise;
    this.outChannels = outChannels;
    this.weights = weights;
    this.bias = bias;
  }

  /** Memory that the packed filters take. */
  public long bytes() {
    return (long) Float.BYTES * (weights.length + bias.length);
  }

  void checkFits(ConvShape shape, int channels) {
    boolean fits = outChannels == channels && depthwise.groups() == shape.groups();
    fits = fits && depthwise.outChannels() == shape.outChannels();
    fits = fits && depthwise.axes().size() == shape.axes().size();
    for (int i = 0; fits && i < shape.axes().size(); i++) {
      fits = depthwise.axes().get(i).kernel() == shape.axes().get(i).kernel();
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "filters packed for %s and %d channels do not fit %s and %d channels"
              .formatted(depthwise, outChannels, shape, channels));
    }
  }
}
