package dev.lanewise.kernels.pool;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.pool.PoolPlan.Kind;

/** Pooling of segments without the Vector API, in the same order of operations as with it. */
final class ScalarPooling {

  private ScalarPooling() {}

  static void reduce(
      Kind kind, Segment segment, float[] in, int inPlane, float[] out, int outPlane) {
    int[] taps = segment.taps();
    for (int i = 0; i < segment.windows() * Layout.BLOCK; i++) {
      int lane = i % Layout.BLOCK;
      int from = inPlane + segment.in() + i / Layout.BLOCK * segment.step() + lane;
      float result = in[from + taps[0]];
      for (int t = 1; t < taps.length; t++) {
        float value = in[from + taps[t]];
        result =
            switch (kind) {
              case MAX -> Math.max(result, value);
              case MIN -> Math.min(result, value);
              case AVERAGE -> result + value;
            };
      }
      out[outPlane + segment.out() + i] =
          kind == Kind.AVERAGE ? result / segment.divisor() : result;
    }
  }

  static void spread(Segment segment, float[] dy, int outPlane, float[] dx, int inPlane) {
    for (int i = 0; i < segment.windows() * Layout.BLOCK; i++) {
      float share = dy[outPlane + segment.out() + i] / segment.divisor();
      int to = inPlane + segment.in() + i / Layout.BLOCK * segment.step() + i % Layout.BLOCK;
      for (int tap : segment.taps()) {
        dx[to + tap] += share;
      }
    }
  }

  static void select(
      Segment segment, float[] in, float[] out, float[] dy, int outPlane, float[] dx, int inPlane) {
    for (int i = 0; i < segment.windows() * Layout.BLOCK; i++) {
      int at = outPlane + segment.out() + i;
      int to = inPlane + segment.in() + i / Layout.BLOCK * segment.step() + i % Layout.BLOCK;
      for (int tap : segment.taps()) {
        float value = in[to + tap];
        if (value == out[at] || Float.isNaN(value)) {
          dx[to + tap] += dy[at];
          break;
        }
      }
    }
  }
}
