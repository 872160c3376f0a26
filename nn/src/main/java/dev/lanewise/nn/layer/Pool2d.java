package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.op.Pooling;
import java.util.List;

/** What the two-dimensional pooling layers share: the window, and its fit to an input. */
abstract sealed class Pool2d implements Layer permits MaxPool2d, AvgPool2d {

  private final Pooling.Kind kind;
  private final int kernel;
  private final int stride;
  private final int padding;
  private final boolean ceilMode;

  Pool2d(Pooling.Kind kind, int kernel, int stride, int padding, boolean ceilMode) {
    this.kind = kind;
    this.kernel = Check.positive("kernel", kernel);
    this.stride = Check.positive("stride", stride);
    this.padding = Check.notNegative("padding", padding);
    this.ceilMode = ceilMode;
  }

  @Override
  public final Tensor forward(Tensor input, Context context) {
    return Pooling.apply(input, problem(input.shape()), kind, context);
  }

  @Override
  public final int[] outputShape(int... inputShape) {
    return problem(inputShape).outputDims();
  }

  @Override
  public final List<Axis> windows(int... inputShape) {
    return problem(inputShape).axes();
  }

  private PoolShape problem(int... inputShape) {
    Check.that(
        inputShape.length == 4,
        "pooling %dx%d needs an input [n, c, h, w], got %s",
        kernel,
        kernel,
        Tensor.text(inputShape));
    return PoolShape.pool2d(
            inputShape[0], inputShape[1], inputShape[2], inputShape[3], kernel, kernel)
        .stride(stride)
        .padding(padding)
        .ceilMode(ceilMode);
  }
}
