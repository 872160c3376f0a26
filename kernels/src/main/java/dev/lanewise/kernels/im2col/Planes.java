package dev.lanewise.kernels.im2col;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;

/**
 * Some channels of some images as padded planes, in which what a tap sees of one output pixel after
 * the other is one run of floats.
 *
 * <p>Along an axis of stride s, padded position u lies in phase u % s at place u / s. A plane is
 * {@code [phases][depth][height][width][image]}, and output pixel (d, h, w) has in it the number
 * {@code (d * height + h) * width + w}, counted as if rows were as wide as those of the plane: the
 * numbers between the rows are no pixels. A tap adds a constant to the number.
 */
final class Planes {

  private static final int BLOCK = Layout.BLOCK;

  private final Geometry geometry;
  private final int depth;
  private final int height;
  private final int width;
  private final int floats;

  /**
   * The planes of a convolution.
   *
   * @throws IllegalArgumentException if one exceeds 2^31 - 1 floats
   */
  Planes(Geometry geometry) {
    this.geometry = geometry;
    depth = places(geometry.depth);
    height = places(geometry.height);
    width = places(geometry.width);
    floats =
        Check.elements(
            "plane of the filter gradient",
            geometry.depth.stride(),
            geometry.height.stride(),
            geometry.width.stride(),
            depth,
            height,
            width);
  }

  private static int places(Axis axis) {
    return axis.output() - 1 + (axis.extent() - 1) / axis.stride() + 1;
  }

  /** Floats of one channel of one image. */
  int floats() {
    return floats;
  }

  /** Numbers from the first output pixel to the last. */
  int numbers() {
    return number(geometry.depth.output() * geometry.outHeight - 1) + geometry.outWidth;
  }

  /** Number of the first pixel of an output row, counted through the planes. */
  int number(int outRow) {
    return (outRow / geometry.outHeight * height + outRow % geometry.outHeight) * width;
  }

  /** What a tap adds to the number of an output pixel. */
  int shift(int tap) {
    int d = geometry.tapPlane(tap) * geometry.depth.dilation();
    int h = geometry.tapRow(tap) * geometry.height.dilation();
    int w = geometry.tapColumn(tap) * geometry.width.dilation();
    return place(d, h, w);
  }

  /** Where a padded position lies. */
  private int place(int d, int h, int w) {
    int phaseDepth = d % geometry.depth.stride();
    int phaseHeight = h % geometry.height.stride();
    int phaseWidth = w % geometry.width.stride();
    int phase =
        (phaseDepth * geometry.height.stride() + phaseHeight) * geometry.width.stride()
            + phaseWidth;
    int inDepth = d / geometry.depth.stride();
    int inHeight = h / geometry.height.stride();
    int inWidth = w / geometry.width.stride();
    return ((phase * depth + inDepth) * height + inHeight) * width + inWidth;
  }

  /**
   * Lays out the channels {@code begin} to {@code end}, counted through the groups.
   *
   * @param images how many, from {@code firstImage} on, lie interleaved
   */
  void fill(
      float[] input,
      int first,
      int firstImage,
      int images,
      int begin,
      int end,
      float[] planes,
      int base) {
    int plane = floats * images;
    Arrays.fill(planes, base, base + (end - begin) * plane, 0f);
    for (int i = 0; i < images; i++) {
      for (int channel = begin; channel < end; channel++) {
        int block = (firstImage + i) * geometry.inBlocks + channel / BLOCK;
        int from = first + block * geometry.inPixels * BLOCK + channel % BLOCK;
        channel(input, from, images, planes, base + (channel - begin) * plane + i);
      }
    }
  }

  private void channel(float[] input, int from, int images, float[] planes, int base) {
    Axis w = geometry.width;
    int rows = geometry.depth.input() * geometry.height.input();
    int step = w.stride() * BLOCK;
    for (int row = 0; row < rows; row++) {
      int d = row / geometry.height.input() + geometry.depth.padBefore();
      int h = row % geometry.height.input() + geometry.height.padBefore();
      if (d / geometry.depth.stride() < depth && h / geometry.height.stride() < height) {
        for (int first = 0; first < Math.min(w.stride(), w.input()); first++) {
          int u = first + w.padBefore();
          int count = (w.input() - first + w.stride() - 1) / w.stride();
          int room = Math.min(count, width - u / w.stride());
          int to = base + place(d, h, u) * images;
          int source = from + (row * w.input() + first) * BLOCK;
          for (int j = 0; j < room; j++) {
            planes[to + j * images] = input[source + j * step];
          }
        }
      }
    }
  }
}
