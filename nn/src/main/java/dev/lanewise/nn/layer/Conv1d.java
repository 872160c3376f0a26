package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.ConvShape;

/** A convolution in one spatial dimension: {@code [n, channels, w]}. */
public final class Conv1d extends Conv<Conv1d> {

  /**
   * A kernel of so many taps, stride 1, no padding, with a bias; the parameters are zero until set.
   */
  public Conv1d(int inChannels, int outChannels, int kernel) {
    this(ConvShape.conv1d(1, inChannels, kernel, outChannels, kernel));
  }

  /**
   * A convolution with the channels, kernel, strides, padding, dilation and groups of a shape,
   * whatever its batch and input size.
   *
   * @throws IllegalArgumentException unless the shape has 1 spatial dimension
   */
  public Conv1d(ConvShape like) {
    this(like, true);
  }

  private Conv1d(ConvShape like, boolean biased) {
    super(1, like, biased);
  }

  @Override
  Conv1d like(ConvShape newWindow, boolean newBiased) {
    return new Conv1d(newWindow, newBiased);
  }
}
