package dev.lanewise.nn.layer;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.op.ChannelScale;
import java.util.List;

/**
 * Squeeze-and-excitation (Hu, Shen, Sun, 2018): scales each channel by a number that two pointwise
 * convolutions compute from the means of all channels.
 *
 * <p>The children are named as in torchvision: avgpool, fc1, activation, fc2, scale_activation.
 */
public final class SqueezeExcitation extends Container {

  private final Sequential scale;

  /**
   * A block of so many channels.
   *
   * @param squeezed channels between the convolutions
   * @param inner activation after the first of them, usually ReLU or SiLU
   * @param gate activation after the second, usually a sigmoid
   */
  public SqueezeExcitation(int channels, int squeezed, Activation inner, Activation gate) {
    scale =
        new Sequential()
            .add("avgpool", AdaptivePool.average(1))
            .add("fc1", new Conv2d(channels, squeezed, 1))
            .add("activation", new Activate(inner))
            .add("fc2", new Conv2d(squeezed, channels, 1))
            .add("scale_activation", new Activate(gate));
    scale.children().forEach(this::append);
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    return ChannelScale.apply(input, scale.forward(input, context), context);
  }

  @Override
  public Flow trace(Flow input, Trace trace) {
    Flow factors = scale.trace(input, trace);
    Flow product = input.joined(factors);
    trace.join(new Operator.ChannelProduct(), List.of(input, factors), product);
    return product;
  }
}
