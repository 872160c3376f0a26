package dev.lanewise.models;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.BatchNorm;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Sequential;
import java.util.List;

/**
 * A convolution without a bias, a batch norm and an activation, numbered from 0 as in torchvision's
 * mobile networks; padded so that stride 1 keeps the size.
 *
 * @param epsilon of the norm
 * @param momentum of the norm
 */
record ConvNorm(float epsilon, float momentum) {

  /** PyTorch's usual norm. */
  static final ConvNorm USUAL = new ConvNorm(1e-5f, BatchNorm.MOMENTUM);

  /** The norm of networks that were trained with a momentum of 0.99. */
  static final ConvNorm SLOW = new ConvNorm(1e-3f, 0.01f);

  private static final int DIVISOR = 8;

  /** A convolution over all channels. */
  Sequential full(int in, int out, int kernel, int stride, Activation activation) {
    return of(new Conv2d(in, out, kernel).stride(stride).padding(kernel / 2), out, activation);
  }

  /** A pointwise convolution. */
  Sequential pointwise(int in, int out, Activation activation) {
    return of(new Conv2d(in, out, 1), out, activation);
  }

  /** A pointwise convolution and norm without an activation. */
  Sequential projection(int in, int out) {
    return Sequential.of(projecting(in, out).toArray(Layer[]::new));
  }

  /** The two layers of {@link #projection}. */
  List<Layer> projecting(int in, int out) {
    return List.of(new Conv2d(in, out, 1).bias(false), new BatchNorm(out, epsilon, momentum));
  }

  /** A filter for each channel. */
  Sequential depthwise(int channels, int kernel, int stride, Activation activation) {
    return of(
        new Conv2d(channels, channels, kernel).stride(stride).padding(kernel / 2).groups(channels),
        channels,
        activation);
  }

  private Sequential of(Conv2d convolution, int out, Activation activation) {
    return Sequential.of(
        convolution.bias(false), new BatchNorm(out, epsilon, momentum), new Activate(activation));
  }

  /** Channels times a width, as the nearest multiple of 8 that is at least 0.9 of the product. */
  static int scaled(double channels, double width) {
    double wanted = channels * width;
    int rounded = Math.max(DIVISOR, (int) (wanted + DIVISOR / 2.0) / DIVISOR * DIVISOR);
    return rounded < 0.9 * wanted ? rounded + DIVISOR : rounded;
  }
}
