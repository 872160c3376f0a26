package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.op.Concat;
import java.util.Arrays;
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
    int[] shape = outputShape(input.shape());
    shape[1] -= input.dim(1);
    if (shape[1] == 0) {
      return input;
    }
    float[] zeros = context.buffer(input.layout().length(shape));
    Arrays.fill(zeros, 0);
    return Concat.channels(List.of(input, Tensor.of(input.layout(), zeros, shape)), context);
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
