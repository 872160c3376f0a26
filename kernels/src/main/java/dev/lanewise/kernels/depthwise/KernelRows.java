package dev.lanewise.kernels.depthwise;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.simd.Taps;
import java.util.HashMap;
import java.util.Map;

/** For each output row the kernel rows that fall into the input, ordered (plane, row). */
final class KernelRows {

  /** A range of taps along one axis that lie inside the input. */
  private record Range(int first, int end) {
    static Range of(Axis axis, int window) {
      int first = axis.firstTap(window);
      return new Range(first, Math.max(first, axis.endTap(window)));
    }
  }

  private record Key(Range depth, Range height) {}

  private KernelRows() {}

  /** A table for each output row; offsets of the input are relative to the row's origin. */
  static Taps[] of(Geometry geometry) {
    Map<Key, Taps> tables = new HashMap<>();
    Taps[] rows = new Taps[geometry.rows()];
    for (int row = 0; row < rows.length; row++) {
      Key key =
          new Key(
              Range.of(geometry.depth(), row / geometry.height().output()),
              Range.of(geometry.height(), row % geometry.height().output()));
      rows[row] = tables.computeIfAbsent(key, k -> table(geometry, k));
    }
    return rows;
  }

  private static Taps table(Geometry geometry, Key key) {
    Axis depth = geometry.depth();
    Axis height = geometry.height();
    int planes = key.depth.end - key.depth.first;
    int count = planes * (key.height.end - key.height.first);
    int[] input = new int[count];
    int[] filter = new int[count];
    int i = 0;
    for (int d = key.depth.first; d < key.depth.end; d++) {
      for (int h = key.height.first; h < key.height.end; h++, i++) {
        input[i] =
            (d * depth.dilation() * height.input() + h * height.dilation()) * geometry.inRow();
        filter[i] = (d * height.kernel() + h) * geometry.width().kernel() * Geometry.BLOCK;
      }
    }
    return new Taps(input, filter);
  }
}
