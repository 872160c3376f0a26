package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.ConvShape;

/** A convolution in two spatial dimensions: {@code [n, channels, h, w]}. */
public final class Conv2d extends Conv<Conv2d> {

  /** A square kernel, stride 1, no padding, with a bias; the parameters are zero until set. */
  public Conv2d(int inChannels, int outChannels, int kernel) {
    this(ConvShape.conv2d(1, inChannels, kernel, kernel, outChannels, kernel, kernel));
  }

  /**
   * A convolution with the channels, kernel, strides, padding, dilation and groups of a shape,
   * whatever its batch and input size.
   *
   * @throws IllegalArgumentException unless the shape has 2 spatial dimensions
   */
  public Conv2d(ConvShape like) {
    this(like, true);
  }

  private Conv2d(ConvShape like, boolean biased) {
    super(2, like, biased);
  }

  @Override
  Conv2d like(ConvShape newWindow, boolean newBiased) {
    return new Conv2d(newWindow, newBiased);
  }
}
