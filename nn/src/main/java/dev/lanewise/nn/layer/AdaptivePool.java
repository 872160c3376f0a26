package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.op.Pooling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Pooling to an output of a given size, by windows of nearly equal size; size 1 is global pooling.
 */
public final class AdaptivePool implements Layer {

  private final boolean max;
  private final int[] size;

  private AdaptivePool(boolean max, int... size) {
    this.max = max;
    this.size = size.clone();
    Arrays.stream(size).forEach(windows -> Check.positive("output size", windows));
  }

  /** The mean of each window; one size for all spatial dimensions or one for each. */
  public static AdaptivePool average(int... size) {
    return new AdaptivePool(false, size);
  }

  /** The greatest value of each window; one size for all spatial dimensions or one for each. */
  public static AdaptivePool max(int... size) {
    return new AdaptivePool(true, size);
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    int[] windows = sizes(input.shape());
    return max
        ? Pooling.adaptiveMax(input, context, windows)
        : Pooling.adaptiveAverage(input, context, windows);
  }

  @Override
  public int[] outputShape(int... inputShape) {
    int[] output = inputShape.clone();
    int[] windows = sizes(inputShape);
    System.arraycopy(windows, 0, output, 2, windows.length);
    return output;
  }

  private int[] sizes(int... inputShape) {
    int dimensions = inputShape.length - 2;
    Check.that(
        dimensions >= 1 && dimensions <= 3 && (size.length == 1 || size.length == dimensions),
        "pooling to %s needs an input [n, c, %s], got %s",
        Arrays.toString(size),
        size.length == 1 ? "spatial..." : size.length + " spatial dimensions",
        Tensor.text(inputShape));
    int[] windows = new int[dimensions];
    Arrays.setAll(windows, i -> size[size.length == 1 ? 0 : i]);
    return windows;
  }

  /** The windows as if all were as large as the largest. */
  @Override
  public List<Axis> windows(int... inputShape) {
    int[] windows = sizes(inputShape);
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < windows.length; i++) {
      int input = inputShape[i + 2];
      axes.add(
          Axis.of(input, Math.ceilDiv(input, windows[i]))
              .withStride(Math.max(1, input / windows[i])));
    }
    return axes;
  }

  @Override
  public Operator operator(int... inputShape) {
    return new Operator.AdaptivePool(max, Arrays.stream(sizes(inputShape)).boxed().toList());
  }

  @Override
  public String type() {
    return max ? "AdaptiveMaxPool" : "AdaptiveAveragePool";
  }
}
