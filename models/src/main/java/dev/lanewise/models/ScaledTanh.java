package dev.lanewise.models;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.op.Elementwise;
import dev.lanewise.nn.op.Scale;

/** {@code 1.7159 tanh(2/3 x)}, which is 1 at 1 and -1 at -1: LeCun et al., 1998, appendix A. */
record ScaledTanh() implements Layer {

  private static final float AMPLITUDE = 1.7159f;
  private static final float SLOPE = 2f / 3;

  @Override
  public Tensor forward(Tensor input, Context context) {
    Tensor stretched = Scale.apply(input, SLOPE, 0, context);
    return Scale.apply(
        Elementwise.apply(stretched, Activation.TANH, context), AMPLITUDE, 0, context);
  }

  @Override
  public int[] outputShape(int... inputShape) {
    return inputShape.clone();
  }
}
