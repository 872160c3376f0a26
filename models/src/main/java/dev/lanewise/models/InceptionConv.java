package dev.lanewise.models;

import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.BatchNorm;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Sequential;

/** The convolutions of the Inception networks, named as in torchvision. */
final class InceptionConv {

  private static final float EPSILON = 1e-3f;

  private InceptionConv() {}

  /** A convolution, norm and ReLU that keep the size at stride 1. */
  static Sequential same(int in, int out, int kernel, int stride) {
    return normed(new Conv2d(in, out, kernel).stride(stride).padding(kernel / 2), out);
  }

  /** The same with a kernel of another height than width. */
  static Sequential slim(int in, int out, int height, int width) {
    ConvShape window = ConvShape.conv2d(1, in, height, width, out, height, width);
    return normed(new Conv2d(window).padding(height / 2, width / 2), out);
  }

  /** A convolution without padding, norm and ReLU. */
  static Sequential valid(int in, int out, int kernel, int stride) {
    return normed(new Conv2d(in, out, kernel).stride(stride), out);
  }

  /** A convolution with a norm and ReLU in place of its bias. */
  static Sequential normed(Conv2d convolution, int out) {
    return new Sequential()
        .add("conv", convolution.bias(false))
        .add("bn", new BatchNorm(out, EPSILON, BatchNorm.MOMENTUM))
        .add("relu", Activate.relu());
  }

  /** A convolution with its bias and ReLU. */
  static Sequential biased(int in, int out, int kernel, int stride) {
    return new Sequential()
        .add("conv", new Conv2d(in, out, kernel).stride(stride).padding(kernel / 2))
        .add("relu", Activate.relu());
  }
}
