package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.PoolShape;
import java.util.Arrays;

/** Plain loops in the place of the kernels. */
record PoolPlan(PoolShape shape, boolean max) {

  static PoolPlan max(PoolShape shape, Workers workers) {
    return new PoolPlan(shape, true);
  }

  static PoolPlan average(PoolShape shape, boolean countIncludePad, Workers workers) {
    return new PoolPlan(shape, false);
  }

  void run(float[] in, float[] out) {
    walk(
        (i, o, area, first) ->
            out[o] =
                max
                    ? first ? in[i] : Math.max(out[o], in[i])
                    : (first ? 0 : out[o]) + in[i] / area);
  }

  void backward(float[] in, float[] out, float[] dy, float[] dx) {
    Arrays.fill(dx, 0);
    boolean[] taken = new boolean[out.length];
    walk(
        (i, o, area, first) -> {
          if (!max) {
            dx[i] += dy[o] / area;
          } else if (in[i] == out[o] && !taken[o]) {
            taken[o] = true;
            dx[i] += dy[o];
          }
        });
  }

  private interface Visit {
    void at(int in, int out, int area, boolean first);
  }

  private void walk(Visit visit) {
    var h = shape.axes().get(0);
    var w = shape.axes().get(1);
    int planes = shape.batch() * Layout.blocks(shape.channels());
    int area = h.kernel() * w.kernel();
    for (int n = 0; n < planes; n++) {
      for (int y = 0; y < shape.output(0); y++) {
        for (int x = 0; x < shape.output(1); x++) {
          boolean first = true;
          for (int i = h.firstTap(y); i < h.endTap(y); i++) {
            for (int j = w.firstTap(x); j < w.endTap(x); j++) {
              int in = (n * h.input() + h.position(y, i)) * w.input() + w.position(x, j);
              int out = (n * shape.output(0) + y) * shape.output(1) + x;
              for (int c = 0; c < 16; c++) {
                visit.at(in * 16 + c, out * 16 + c, area, first);
              }
              first = false;
            }
          }
        }
      }
    }
  }
}
