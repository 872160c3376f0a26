package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;

/** Plain loops in the place of the kernels. */
final class Im2colGradient {

  private Im2colGradient() {}

  interface Visit {
    void at(int input, int filter, int output);
  }

  static void walk(ConvShape shape, Visit visit) {
    var h = shape.axes().get(0);
    var w = shape.axes().get(1);
    int ic = shape.inChannels() / shape.groups();
    int oc = shape.outChannels() / shape.groups();
    int inBlocks = Layout.blocks(shape.inChannels());
    int outBlocks = Layout.blocks(shape.outChannels());
    for (int n = 0; n < shape.batch(); n++) {
      for (int o = 0; o < shape.outChannels(); o++) {
        for (int c = 0; c < ic; c++) {
          int channel = o / oc * ic + c;
          for (int y = 0; y < h.output(); y++) {
            for (int x = 0; x < w.output(); x++) {
              int out = ((n * outBlocks + o / 16) * h.output() + y) * w.output() + x;
              for (int i = h.firstTap(y); i < h.endTap(y); i++) {
                for (int j = w.firstTap(x); j < w.endTap(x); j++) {
                  int row = (n * inBlocks + channel / 16) * h.input() + h.position(y, i);
                  int in = row * w.input() + w.position(x, j);
                  int filter = ((o * ic + c) * h.kernel() + i) * w.kernel() + j;
                  visit.at(in * 16 + channel % 16, filter, out * 16 + o % 16);
                }
              }
            }
          }
        }
      }
    }
  }

  static void data(ConvShape s, float[] filter, float[] dy, float[] dx, Workers workers) {
    Arrays.fill(dx, 0);
    walk(s, (in, f, out) -> dx[in] += filter[f] * dy[out]);
  }

  static void filter(ConvShape s, float[] x, float[] dy, float[] df, Workers workers) {
    Arrays.fill(df, 0);
    walk(s, (in, f, out) -> df[f] += x[in] * dy[out]);
  }

  static void bias(ConvShape s, float[] dy, float[] db) {
    Arrays.fill(db, 0);
    int pixels = s.outputPixels();
    int blocks = Layout.blocks(s.outChannels());
    for (int n = 0; n < s.batch(); n++) {
      for (int o = 0; o < db.length; o++) {
        for (int p = 0; p < pixels; p++) {
          db[o] += dy[((n * blocks + o / 16) * pixels + p) * 16 + o % 16];
        }
      }
    }
  }
}
