package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.op.Normalization.Affine;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/**
 * What the normalisations of {@code [n, channels, spatial...]} share: a trained {@code weight
 * [channels]} and {@code bias [channels]}, ones and zeros at first.
 */
abstract sealed class Norm implements Fusing permits BatchNorm, GroupNorm, InstanceNorm, LayerNorm {

  /** PyTorch's summand of the variance. */
  static final float EPSILON = 1e-5f;

  private final int channels;
  private final Affine affine;

  Norm(int channels, float epsilon) {
    this.channels = Check.positive("channels", channels);
    affine = new Affine(Tensor.parameter(channels), Tensor.parameter(channels), epsilon);
    Arrays.fill(affine.weight().data(), 1);
  }

  final int channels() {
    return channels;
  }

  final Affine affine() {
    return affine;
  }

  @Override
  public final int[] outputShape(int... inputShape) {
    Check.that(
        inputShape.length >= 2 && inputShape[1] == channels,
        "%s of %d channels needs an input [n, %d, ...], got %s",
        type(),
        channels,
        channels,
        Tensor.text(inputShape));
    return inputShape.clone();
  }

  @Override
  public final Map<String, Tensor> parameters() {
    return Conv.named(affine.weight(), affine.bias());
  }

  @Override
  public void initialize(Initializer initializer, Random random) {
    Arrays.fill(affine.weight().data(), 1);
    Arrays.fill(affine.bias().data(), 0);
  }
}
