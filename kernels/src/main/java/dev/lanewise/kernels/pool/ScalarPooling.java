package dev.lanewise.kernels.pool;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;

/** Pooling of segments without the Vector API, in the same order of operations as with it. */
final class ScalarPooling {

  private static final int BLOCK = Layout.BLOCK;

  private ScalarPooling() {}

  static void reduce(
      Reduction reduction, Segment segment, float[] in, int inPlane, float[] out, int outPlane) {
    int[] taps = segment.taps();
    for (int i = 0; i < segment.floats(); i++) {
      int from = first(segment, inPlane, i);
      float result = in[from + taps[0]];
      if (reduction.power() > 0) {
        result = power(Math.abs(result), reduction.power());
      }
      for (int t = 1; t < taps.length; t++) {
        float value = in[from + taps[t]];
        result =
            switch (reduction.kind()) {
              case MAX -> value > result || Float.isNaN(value) ? value : result;
              case MIN -> value < result || Float.isNaN(value) ? value : result;
              case AVERAGE -> result + value;
              case MIXED -> throw new AssertionError("reduced as maximum and average");
              case NORM ->
                  reduction.power() == 2
                      ? Lanes.fma(value, value, result)
                      : result + power(Math.abs(value), reduction.power());
            };
      }
      out[outPlane + segment.out() + i] =
          switch (reduction.kind()) {
            case MAX, MIN, MIXED -> result;
            case AVERAGE -> result / segment.divisor();
            case NORM -> reduction.power() == 2 ? (float) Math.sqrt(result) : result;
          };
    }
  }

  private static int first(Segment segment, int inPlane, int i) {
    return inPlane + segment.in() + i / BLOCK * segment.step() + i % BLOCK;
  }

  private static float power(float base, int exponent) {
    float result = base;
    for (int k = 1; k < exponent; k++) {
      result *= base;
    }
    return result;
  }

  static void locate(
      Segment segment, float[] in, int inPlane, float[] out, int[] indices, int outPlane) {
    for (int i = 0; i < segment.floats(); i++) {
      int from = first(segment, inPlane, i);
      float result = 0;
      int found = -1;
      for (int tap : segment.taps()) {
        float value = in[from + tap];
        if (found < 0 || value > result || (Float.isNaN(value) && !Float.isNaN(result))) {
          result = value;
          found = (from + tap - inPlane) / BLOCK;
        }
      }
      out[outPlane + segment.out() + i] = result;
      indices[outPlane + segment.out() + i] = found;
    }
  }

  static void spread(Segment segment, float[] dy, int outPlane, float[] dx, int inPlane) {
    for (int i = 0; i < segment.floats(); i++) {
      float share = dy[outPlane + segment.out() + i] / segment.divisor();
      int to = first(segment, inPlane, i);
      for (int tap : segment.taps()) {
        dx[to + tap] += share;
      }
    }
  }

  static void weigh(
      int power,
      Segment segment,
      float[] in,
      float[] out,
      float[] dy,
      int outPlane,
      float[] dx,
      int inPlane) {
    for (int i = 0; i < segment.floats(); i++) {
      int at = outPlane + segment.out() + i;
      float scale = 1;
      for (int k = 1; k < power; k++) {
        scale *= out[at];
      }
      float share = out[at] == 0 ? 0 : dy[at] / scale;
      int to = first(segment, inPlane, i);
      for (int tap : segment.taps()) {
        float value = in[to + tap];
        float weight = power == 1 ? Math.signum(value) : value;
        for (int k = 2; k < power; k++) {
          weight *= Math.abs(value);
        }
        dx[to + tap] = Lanes.fma(share, weight, dx[to + tap]);
      }
    }
  }

  static void select(
      Segment segment,
      float[] in,
      int inPlane,
      float[] out,
      int outPlane,
      float[] dy,
      int dyPlane,
      float[] dx) {
    for (int i = 0; i < segment.floats(); i++) {
      float result = out[outPlane + segment.out() + i];
      float gradient = dy[dyPlane + segment.out() + i];
      int to = first(segment, inPlane, i);
      for (int tap : segment.taps()) {
        float value = in[to + tap];
        if (value == result || Float.isNaN(value)) {
          dx[to + tap] += gradient;
          break;
        }
      }
    }
  }
}
