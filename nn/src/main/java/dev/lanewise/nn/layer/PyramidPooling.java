package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.op.PyramidPool;
import java.util.Arrays;

/**
 * Spatial pyramid pooling (He et al. 2014): {@code [n, c, spatial...]} of any size to {@code [n,
 * features]}, as a dense layer needs them, with c times the windows of all levels together.
 */
public final class PyramidPooling implements Layer {

  private final boolean max;
  private final int[] levels;

  private PyramidPooling(boolean max, int... levels) {
    this.max = max;
    this.levels = levels.clone();
    Check.that(levels.length >= 1, "a pyramid has at least one level");
    Arrays.stream(levels).forEach(windows -> Check.positive("windows of a level", windows));
  }

  /** The greatest value of each window; levels of so many windows along each spatial dimension. */
  public static PyramidPooling max(int... levels) {
    return new PyramidPooling(true, levels);
  }

  /** The mean of each window; see {@link #max}. */
  public static PyramidPooling average(int... levels) {
    return new PyramidPooling(false, levels);
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    outputShape(input.shape());
    return PyramidPool.apply(input, max, context, levels);
  }

  @Override
  public int[] outputShape(int... inputShape) {
    int dimensions = inputShape.length - 2;
    Check.that(
        dimensions >= 1 && dimensions <= 3,
        "pyramid pooling needs an input [n, c, spatial...], got %s",
        Tensor.text(inputShape));
    long windows = 0;
    for (int level : levels) {
      windows += (long) Math.pow(level, dimensions);
    }
    return new int[] {inputShape[0], Math.toIntExact(inputShape[1] * windows)};
  }

  /** A pyramid with a level of one window sees everything; others are described as if they did. */
  @Override
  public boolean seesAll() {
    return true;
  }
}
