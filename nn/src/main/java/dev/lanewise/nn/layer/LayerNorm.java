package dev.lanewise.nn.layer;

import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.op.Normalization;
import dev.lanewise.nn.op.Normalization.Epilogue;

/**
 * Layer norm (Ba et al. 2016): all channels and pixels of each image together, with a factor and a
 * summand a channel.
 */
public final class LayerNorm extends Norm {

  /** A norm with epsilon 1e-5. */
  public LayerNorm(int channels) {
    super(channels, EPSILON);
  }

  @Override
  public Tensor forward(Tensor input, Epilogue epilogue, Context context) {
    outputShape(input.shape());
    return Normalization.layer(input, affine(), epilogue, context);
  }
}
