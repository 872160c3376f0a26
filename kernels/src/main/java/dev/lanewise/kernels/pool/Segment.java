package dev.lanewise.kernels.pool;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.pool.AxisWindows.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Neighbouring windows of a row that read the same taps, evenly spaced.
 *
 * @param out where the first window's result lies in its plane, in floats
 * @param in where the first window's first tap lies in its plane, in floats
 * @param windows how many windows
 * @param step floats from one window's taps to the next one's
 * @param taps offsets of the taps, in floats from {@code in}
 * @param divisor what an average divides by
 */
@SuppressWarnings("ArrayRecordComponent") // read by the innermost loops; never compared
record Segment(int out, int in, int windows, int step, int[] taps, float divisor) {

  private static final int BLOCK = Layout.BLOCK;

  /**
   * The segments of each row of windows of one plane, rows ordered (depth, height).
   *
   * @param axes one to three, outermost first
   */
  static Segment[][] rows(List<AxisWindows> axes, boolean countIncludePad) {
    Rows rows = new Rows(axes, countIncludePad);
    Segment[][] result = new Segment[rows.depth.windows() * rows.height.windows()][];
    for (int row = 0; row < result.length; row++) {
      result[row] = rows.segments(row / rows.height.windows(), row % rows.height.windows());
    }
    return result;
  }

  /** Floats of the results. */
  int floats() {
    return windows * BLOCK;
  }

  private static final class Rows {
    final AxisWindows depth;
    final AxisWindows height;
    private final AxisWindows width;
    private final boolean countIncludePad;
    private final Map<List<Window>, int[]> tables = new HashMap<>();

    Rows(List<AxisWindows> axes, boolean countIncludePad) {
      int n = axes.size();
      depth = n < 3 ? AxisWindows.NONE : axes.get(n - 3);
      height = n < 2 ? AxisWindows.NONE : axes.get(n - 2);
      width = axes.get(n - 1);
      this.countIncludePad = countIncludePad;
    }

    Segment[] segments(int outDepth, int outHeight) {
      Window d = depth.window(outDepth);
      Window h = height.window(outHeight);
      int out = (outDepth * height.windows() + outHeight) * width.windows();
      int in =
          (depth.first()[outDepth] * height.input() + height.first()[outHeight]) * width.input();
      List<Segment> segments = new ArrayList<>();
      for (int from = 0; from < width.windows(); ) {
        Window w = width.window(from);
        int end = end(from);
        segments.add(
            new Segment(
                (out + from) * BLOCK,
                (in + width.first()[from]) * BLOCK,
                end - from,
                step(from, end) * BLOCK,
                tables.computeIfAbsent(List.of(d, h, w), this::table),
                divisor(d, h, w)));
        from = end;
      }
      return segments.toArray(Segment[]::new);
    }

    /** One past the last window that continues the row of evenly spaced, equal ones. */
    private int end(int from) {
      int end = from + 1;
      while (end < width.windows()
          && width.window(end).equals(width.window(from))
          && width.first()[end] - width.first()[end - 1] == step(from, width.windows())) {
        end++;
      }
      return end;
    }

    private int step(int from, int end) {
      return from + 1 < end ? width.first()[from + 1] - width.first()[from] : 0;
    }

    private float divisor(Window d, Window h, Window w) {
      return countIncludePad
          ? (float) d.counted() * h.counted() * w.counted()
          : (float) d.taps() * h.taps() * w.taps();
    }

    private int[] table(List<Window> window) {
      int[] taps = new int[window.get(0).taps() * window.get(1).taps() * window.get(2).taps()];
      int t = 0;
      for (int i = 0; i < window.get(0).taps(); i++) {
        for (int j = 0; j < window.get(1).taps(); j++) {
          for (int k = 0; k < window.get(2).taps(); k++) {
            int row = i * depth.dilation() * height.input() + j * height.dilation();
            taps[t++] = (row * width.input() + k * width.dilation()) * BLOCK;
          }
        }
      }
      return taps;
    }
  }
}
