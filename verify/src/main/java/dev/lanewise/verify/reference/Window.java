package dev.lanewise.verify.reference;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.PaddingMode;
import java.util.List;

/**
 * The spatial part of a problem with always three dimensions: depth and height have size 1 where
 * the shape has fewer axes.
 */
final class Window {

  private static final Axis ABSENT = new Axis(1, 1, 1, 0, 0, 1);

  final Axis depth;
  final Axis height;
  final Axis width;

  Window(List<Axis> axes) {
    int count = axes.size();
    depth = count >= 3 ? axes.get(count - 3) : ABSENT;
    height = count >= 2 ? axes.get(count - 2) : ABSENT;
    width = axes.get(count - 1);
  }

  /** Places the kernel can take along an axis, rounded down. */
  static int positions(Axis axis) {
    int reach = axis.dilation() * (axis.kernel() - 1);
    return (axis.input() + axis.padBefore() + axis.padAfter() - reach - 1) / axis.stride() + 1;
  }

  /** Input coordinate under a tap; outside {@code [0, input)} it is padding. */
  static int coordinate(Axis axis, int position, int tap) {
    return position * axis.stride() + tap * axis.dilation() - axis.padBefore();
  }

  /**
   * The input coordinate whose element a coordinate sees: itself inside the input, and what the
   * mode puts there outside; -1 for a zero.
   */
  static int seen(Axis axis, PaddingMode mode, int coordinate) {
    int last = axis.input() - 1;
    int at = coordinate;
    while (!inside(axis, at)) {
      switch (mode) {
        case ZERO -> {
          return -1;
        }
        case REPLICATE -> at = at < 0 ? 0 : last;
        case REFLECT -> at = at < 0 ? -at : 2 * last - at;
        case CIRCULAR -> at += at < 0 ? axis.input() : -axis.input();
      }
    }
    return at;
  }

  static boolean inside(Axis axis, int coordinate) {
    return coordinate >= 0 && coordinate < axis.input();
  }

  /** Row-major index of an input element of a plane, or -1 where it lies in the padding. */
  int inputIndex(int d, int h, int w) {
    if (!inside(depth, d) || !inside(height, h) || !inside(width, w)) {
      return -1;
    }
    return (d * height.input() + h) * width.input() + w;
  }

  int inputPlane() {
    return depth.input() * height.input() * width.input();
  }

  int kernelPlane() {
    return depth.kernel() * height.kernel() * width.kernel();
  }
}
