package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import java.util.List;

/**
 * Appends channels of zeros, as a residual block's shortcut without parameters does (He et al.
 * 2016, option A).
 *
 * @param channels of the output
 */
public record PadChannels(int channels) implements Layer {

  /** Validates the channels. */
  public PadChannels {
    Check.positive("channels", channels);
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    return operator(input.shape()).apply(List.of(input), context);
  }

  @Override
  public Operator operator(int... inputShape) {
    outputShape(inputShape);
    return new Operator.PadChannels(channels);
  }

  @Override
  public int[] outputShape(int... inputShape) {
    Check.that(
        inputShape.length >= 2 && inputShape[1] <= channels,
        "padding to %d channels needs an input [n, at most %d, ...], got %s",
        channels,
        channels,
        Tensor.text(inputShape));
    int[] output = inputShape.clone();
    output[1] = channels;
    return output;
  }
}
