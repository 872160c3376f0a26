package dev.lanewise.nn.layer;

import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;

/**
 * A depthwise convolution and a pointwise one after it, without a bias between them (Sifre 2014).
 *
 * <p>The children are named depthwise and pointwise.
 */
public final class DepthwiseSeparable extends Container {

  private final Sequential both;

  /** A square kernel of odd size, padded so that only the stride makes the image smaller. */
  public DepthwiseSeparable(int inChannels, int outChannels, int kernel, int stride) {
    both =
        new Sequential()
            .add(
                "depthwise",
                new Conv2d(inChannels, inChannels, kernel)
                    .groups(inChannels)
                    .stride(stride)
                    .padding(kernel / 2)
                    .bias(false))
            .add("pointwise", new Conv2d(inChannels, outChannels, 1));
    both.children().forEach(this::append);
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    return both.forward(input, context);
  }

  @Override
  public Flow trace(Flow input, Trace trace) {
    return both.trace(input, trace);
  }
}
