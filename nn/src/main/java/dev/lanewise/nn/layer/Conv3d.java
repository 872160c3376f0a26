package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.ConvShape;

/** A convolution in three spatial dimensions: {@code [n, channels, d, h, w]}. */
public final class Conv3d extends Conv<Conv3d> {

  /** A cubic kernel, stride 1, no padding, with a bias; the parameters are zero until set. */
  public Conv3d(int inChannels, int outChannels, int kernel) {
    this(ConvShape.conv3d(1, inChannels, kernel, kernel, kernel, outChannels, kernel));
  }

  /**
   * A convolution with the channels, kernel, strides, padding, dilation and groups of a shape,
   * whatever its batch and input size.
   *
   * @throws IllegalArgumentException unless the shape has 3 spatial dimensions
   */
  public Conv3d(ConvShape like) {
    this(like, true);
  }

  private Conv3d(ConvShape like, boolean biased) {
    super(3, like, biased);
  }

  @Override
  Conv3d like(ConvShape newWindow, boolean newBiased) {
    return new Conv3d(newWindow, newBiased);
  }
}
