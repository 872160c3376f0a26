package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.op.Normalization;
import dev.lanewise.nn.op.Normalization.Epilogue;

/** Group norm (Wu and He 2018): each group of neighbouring channels of each image on its own. */
public final class GroupNorm extends Norm {

  private final int groups;

  /**
   * A norm with epsilon 1e-5.
   *
   * @throws IllegalArgumentException if the groups do not divide the channels
   */
  public GroupNorm(int groups, int channels) {
    super(channels, EPSILON);
    this.groups = Check.positive("groups", groups);
    Check.that(channels % groups == 0, "groups=%d does not divide channels=%d", groups, channels);
  }

  @Override
  public Tensor forward(Tensor input, Epilogue epilogue, Context context) {
    outputShape(input.shape());
    return Normalization.group(input, groups, affine(), epilogue, context);
  }
}
