package dev.lanewise.kernels.shape;

import java.util.List;
import java.util.function.ToIntFunction;

/** Arithmetic on lists of dimensions that convolution and pooling shapes share. */
final class Dims {

  private static final int BLOCK = 16;

  private Dims() {}

  static void checkAxes(List<Axis> axes) {
    Check.that(
        axes.size() >= 1 && axes.size() <= 3,
        "a shape has 1 to 3 spatial dimensions, not %d",
        axes.size());
  }

  /** Two leading dimensions followed by one of each axis. */
  static int[] of(int first, int second, List<Axis> axes, ToIntFunction<Axis> size) {
    int[] dims = new int[2 + axes.size()];
    dims[0] = first;
    dims[1] = second;
    for (int i = 0; i < axes.size(); i++) {
      dims[2 + i] = size.applyAsInt(axes.get(i));
    }
    return dims;
  }

  /** Channels rounded up to whole blocks, as they lie in memory. */
  static int blocked(int channels) {
    Check.that(
        channels <= Integer.MAX_VALUE - BLOCK,
        "channels %d exceeds 2^31 - 1 - %d",
        channels,
        BLOCK);
    return (channels + BLOCK - 1) / BLOCK * BLOCK;
  }

  /** The value for one axis out of one for all or one for each. */
  static int value(String name, int[] values, int axis, List<Axis> axes) {
    Check.that(
        values.length == 1 || values.length == axes.size(),
        "%s takes 1 or %d values, not %d",
        name,
        axes.size(),
        values.length);
    return values[values.length == 1 ? 0 : axis];
  }
}
