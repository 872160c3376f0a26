package dev.lanewise.kernels.shape;

import java.util.List;
import java.util.function.ToIntFunction;

/** Arithmetic on lists of dimensions that the shapes of convolutions and pooling share. */
public final class Dims {

  private static final int BLOCK = 16;

  private Dims() {}

  /**
   * Requires one to three axes.
   *
   * @throws IllegalArgumentException if there are others
   */
  public static void checkAxes(List<?> axes) {
    Check.that(
        axes.size() >= 1 && axes.size() <= 3,
        "a shape has 1 to 3 spatial dimensions, not %d",
        axes.size());
  }

  /** Two leading dimensions followed by one of each axis. */
  public static <T> int[] of(int first, int second, List<T> axes, ToIntFunction<T> size) {
    int[] dims = new int[2 + axes.size()];
    dims[0] = first;
    dims[1] = second;
    for (int i = 0; i < axes.size(); i++) {
      dims[2 + i] = size.applyAsInt(axes.get(i));
    }
    return dims;
  }

  /**
   * Channels rounded up to whole blocks, as they lie in memory.
   *
   * @throws IllegalArgumentException if that exceeds 2^31 - 1
   */
  public static int blocked(int channels) {
    Check.that(
        channels <= Integer.MAX_VALUE - BLOCK,
        "channels %d exceeds 2^31 - 1 - %d",
        channels,
        BLOCK);
    return (channels + BLOCK - 1) / BLOCK * BLOCK;
  }

  /**
   * The value for one axis out of one for all or one for each.
   *
   * @throws IllegalArgumentException if there is another number of values
   */
  public static int value(String name, int[] values, int axis, List<?> axes) {
    Check.that(
        values.length == 1 || values.length == axes.size(),
        "%s takes 1 or %d values, not %d",
        name,
        axes.size(),
        values.length);
    return values[values.length == 1 ? 0 : axis];
  }
}
