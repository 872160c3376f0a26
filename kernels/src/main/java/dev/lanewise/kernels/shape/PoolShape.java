package dev.lanewise.kernels.shape;

import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A pooling problem in one, two or three spatial dimensions.
 *
 * <p>With {@code ceilMode} the number of windows is rounded up, as long as the last window begins
 * inside the input or the padding before it (PyTorch's rule).
 *
 * @param batch images; 0 is an empty batch, for which nothing is computed
 * @param channels channels, each pooled on its own
 * @param axes spatial dimensions, outermost first
 * @param ceilMode whether the number of windows is rounded up
 */
public record PoolShape(int batch, int channels, List<Axis> axes, boolean ceilMode) {

  /**
   * Validates the shape.
   *
   * @throws IllegalArgumentException if a count is below 1 (the batch below 0), there are not 1 to
   *     3 axes, or input or output exceed 2^31 - 1 elements
   */
  public PoolShape {
    Check.notNegative("batch", batch);
    Check.positive("channels", channels);
    axes = List.copyOf(Objects.requireNonNull(axes, "axes"));
    Dims.checkAxes(axes);
    Check.elements("input", Dims.of(batch, Dims.blocked(channels), axes, Axis::input));
    if (axes.stream().allMatch(Axis::fits)) {
      boolean up = ceilMode;
      Check.elements(
          "output", Dims.of(batch, Dims.blocked(channels), axes, axis -> windows(axis, up)));
    }
  }

  /** A 2-D pooling with stride 1 and no padding. */
  public static PoolShape pool2d(
      int batch, int channels, int height, int width, int kernelHeight, int kernelWidth) {
    return new PoolShape(
        batch,
        channels,
        List.of(Axis.of(height, kernelHeight), Axis.of(width, kernelWidth)),
        false);
  }

  /** A pooling of everything: one window as large as the input {@code [batch, channels, ...]}. */
  public static PoolShape global(int... inputDims) {
    Check.that(inputDims.length >= 3, "a pooled input has at least 3 dimensions");
    return new PoolShape(
        inputDims[0],
        inputDims[1],
        IntStream.range(2, inputDims.length)
            .mapToObj(i -> Axis.of(inputDims[i], inputDims[i]))
            .toList(),
        false);
  }

  /** This shape with other strides: one for all axes, or one for each. */
  public PoolShape stride(int... values) {
    return axes(i -> axes.get(i).withStride(Dims.value("stride", values, i, axes)));
  }

  /** This shape with the same padding before and after: one for all axes, or one for each. */
  public PoolShape padding(int... values) {
    return padding(values, values);
  }

  /** This shape with padding before and after: one for all axes, or one for each. */
  public PoolShape padding(int[] before, int[] after) {
    return axes(
        i ->
            axes.get(i)
                .withPadding(
                    Dims.value("padding", before, i, axes), Dims.value("padding", after, i, axes)));
  }

  /** This shape with other dilations: one for all axes, or one for each. */
  public PoolShape dilation(int... values) {
    return axes(i -> axes.get(i).withDilation(Dims.value("dilation", values, i, axes)));
  }

  /** This shape with the number of windows rounded up or down. */
  public PoolShape ceilMode(boolean value) {
    return new PoolShape(batch, channels, axes, value);
  }

  private PoolShape axes(IntFunction<Axis> axis) {
    return new PoolShape(
        batch, channels, IntStream.range(0, axes.size()).mapToObj(axis).toList(), ceilMode);
  }

  /**
   * Windows along one axis.
   *
   * @throws IllegalArgumentException if the kernel is larger than the padded input, or a window
   *     lies wholly in the padding
   */
  public int output(int axis) {
    Axis one = axes.get(axis);
    int windows = windows(one, ceilMode);
    checkWindows(one, windows);
    return windows;
  }

  /** Input dimensions {@code [batch, channels, spatial...]}. */
  public int[] inputDims() {
    return Dims.of(batch, channels, axes, Axis::input);
  }

  /**
   * Output dimensions {@code [batch, channels, spatial...]}.
   *
   * @throws IllegalArgumentException as {@link #output} does
   */
  public int[] outputDims() {
    int[] dims = inputDims();
    for (int i = 0; i < axes.size(); i++) {
      dims[2 + i] = output(i);
    }
    return dims;
  }

  private static void checkWindows(Axis axis, int windows) {
    for (int w = 0; w < windows; w++) {
      Check.that(
          axis.firstTap(w) < axis.endTap(w),
          "window %d of %d lies wholly in the padding (%s)",
          w,
          windows,
          axis);
    }
  }

  private static int windows(Axis axis, boolean ceilMode) {
    int windows = axis.output();
    boolean partial = (axis.padded() - axis.extent()) % axis.stride() != 0;
    boolean beginsInside = (long) windows * axis.stride() < axis.input() + axis.padBefore();
    return ceilMode && partial && beginsInside ? windows + 1 : windows;
  }
}
