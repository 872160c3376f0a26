package dev.lanewise.kernels.pool;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.PoolShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Neighbouring windows of a row that read the same taps.
 *
 * @param out where the first window's result lies in its plane, in floats
 * @param in where the first window's first tap lies in its plane; may be in the padding before it
 * @param windows how many windows
 * @param step floats from one window's taps to the next one's
 * @param taps offsets of the taps inside the input, in floats from {@code in}
 * @param divisor what an average divides by
 */
@SuppressWarnings("ArrayRecordComponent") // read by the innermost loops; never compared
record Segment(int out, int in, int windows, int step, int[] taps, float divisor) {

  private static final int BLOCK = Layout.BLOCK;

  private static final Axis NONE = Axis.of(1, 1);

  /** The segments of each row of windows of one plane, rows ordered (depth, height). */
  static Segment[][] rows(PoolShape shape, boolean countIncludePad) {
    Rows rows = new Rows(shape, countIncludePad);
    Segment[][] result = new Segment[rows.depthWindows * rows.heightWindows][];
    for (int row = 0; row < result.length; row++) {
      result[row] = rows.segments(row / rows.heightWindows, row % rows.heightWindows);
    }
    return result;
  }

  /** The taps of a window along one axis: those inside the input, and those an average counts. */
  private record Range(int first, int end, int counted) {
    static Range of(Axis axis, int window) {
      int counted = 0;
      for (int t = 0; t < axis.kernel(); t++) {
        counted += axis.position(window, t) < axis.input() + axis.padAfter() ? 1 : 0;
      }
      return new Range(axis.firstTap(window), axis.endTap(window), counted);
    }

    int taps() {
      return end - first;
    }
  }

  private static final class Rows {
    private final Axis depth;
    private final Axis height;
    private final Axis width;
    private final boolean countIncludePad;
    private final Map<List<Range>, int[]> tables = new HashMap<>();
    final int depthWindows;
    final int heightWindows;
    private final int widthWindows;

    Rows(PoolShape shape, boolean countIncludePad) {
      List<Axis> axes = shape.axes();
      int n = axes.size();
      depth = n < 3 ? NONE : axes.get(n - 3);
      height = n < 2 ? NONE : axes.get(n - 2);
      width = axes.get(n - 1);
      depthWindows = n < 3 ? 1 : shape.output(n - 3);
      heightWindows = n < 2 ? 1 : shape.output(n - 2);
      widthWindows = shape.output(n - 1);
      this.countIncludePad = countIncludePad;
    }

    Segment[] segments(int outDepth, int outHeight) {
      Range d = Range.of(depth, outDepth);
      Range h = Range.of(height, outHeight);
      int out = (outDepth * heightWindows + outHeight) * widthWindows;
      int in =
          (depth.position(outDepth, 0) * height.input() + height.position(outHeight, 0))
              * width.input();
      List<Segment> segments = new ArrayList<>();
      for (int from = 0; from < widthWindows; ) {
        Range w = Range.of(width, from);
        int end = from + 1;
        while (end < widthWindows && Range.of(width, end).equals(w)) {
          end++;
        }
        segments.add(
            new Segment(
                (out + from) * BLOCK,
                (in + width.position(from, 0)) * BLOCK,
                end - from,
                width.stride() * BLOCK,
                tables.computeIfAbsent(List.of(d, h, w), this::table),
                divisor(d, h, w)));
        from = end;
      }
      return segments.toArray(Segment[]::new);
    }

    private float divisor(Range d, Range h, Range w) {
      return countIncludePad
          ? (float) d.counted * h.counted * w.counted
          : (float) d.taps() * h.taps() * w.taps();
    }

    private int[] table(List<Range> ranges) {
      Range d = ranges.get(0);
      Range h = ranges.get(1);
      Range w = ranges.get(2);
      int[] taps = new int[d.taps() * h.taps() * w.taps()];
      int t = 0;
      for (int i = d.first; i < d.end; i++) {
        for (int j = h.first; j < h.end; j++) {
          for (int k = w.first; k < w.end; k++) {
            int row = i * depth.dilation() * height.input() + j * height.dilation();
            taps[t++] = (row * width.input() + k * width.dilation()) * BLOCK;
          }
        }
      }
      return taps;
    }
  }
}
