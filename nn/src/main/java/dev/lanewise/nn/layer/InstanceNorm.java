package dev.lanewise.nn.layer;

import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.op.Normalization;
import dev.lanewise.nn.op.Normalization.Epilogue;

/** Instance norm (Ulyanov et al. 2016): each channel of each image on its own. */
public final class InstanceNorm extends Norm {

  /** A norm with epsilon 1e-5. */
  public InstanceNorm(int channels) {
    super(channels, EPSILON);
  }

  @Override
  public Tensor forward(Tensor input, Epilogue epilogue, Context context) {
    outputShape(input.shape());
    return Normalization.instance(input, affine(), epilogue, context);
  }
}
