package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.op.ParametricRelu;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/**
 * ReLU with a trained slope for the negative values of each channel (He et al. 2015), {@code weight
 * [channels]}, 0.25 at first.
 */
public final class PRelu implements Layer {

  private static final float START = 0.25f;

  private final int channels;
  private final Tensor slope;

  /** A layer for so many channels. */
  public PRelu(int channels) {
    this.channels = Check.positive("channels", channels);
    slope = Tensor.parameter(channels);
    Arrays.fill(slope.data(), START);
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    outputShape(input.shape());
    return ParametricRelu.apply(input, slope, context);
  }

  @Override
  public int[] outputShape(int... inputShape) {
    Check.that(
        inputShape.length >= 2 && inputShape[1] == channels,
        "PReLU of %d channels needs an input [n, %d, ...], got %s",
        channels,
        channels,
        Tensor.text(inputShape));
    return inputShape.clone();
  }

  @Override
  public Map<String, Tensor> parameters() {
    return Map.of("weight", slope);
  }

  @Override
  public void initialize(Initializer initializer, Random random) {
    Arrays.fill(slope.data(), START);
  }
}
