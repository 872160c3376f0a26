package dev.lanewise.models;

import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.AdaptivePool;
import dev.lanewise.nn.layer.BatchNorm;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Drop;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Initializer;
import dev.lanewise.nn.layer.Initializer.Mode;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Residual;
import dev.lanewise.nn.layer.Sequential;
import java.util.List;

/** MobileNetV2: Sandler et al., 2018, table 2. 3,504,872 parameters. */
final class MobileNetV2 {

  /** A line of the table: n times an inverted residual of expansion t to c channels. */
  private record Line(int t, int c, int n, int s) {}

  private static final List<Line> TABLE =
      List.of(
          new Line(1, 16, 1, 1), //  112 x 112
          new Line(6, 24, 2, 2), //   56 x 56
          new Line(6, 32, 3, 2), //   28 x 28
          new Line(6, 64, 4, 2), //   14 x 14
          new Line(6, 96, 3, 1), //   14 x 14
          new Line(6, 160, 3, 2), //   7 x 7
          new Line(6, 320, 1, 1)); //  7 x 7

  private static final int STEM = 32;
  private static final int LAST = 1280;

  private MobileNetV2() {}

  static Network create(String name, ModelOptions options) {
    Sequential features = Sequential.of(conv(options.channels(), STEM, 3, 2, 1));
    int in = STEM;
    int index = 1;
    for (Line line : TABLE) {
      for (int i = 0; i < line.n; i++) {
        features.add(String.valueOf(index++), block(in, line.t, line.c, i == 0 ? line.s : 1));
        in = line.c;
      }
    }
    features.add(String.valueOf(index), conv(in, LAST, 1, 1, 1));
    Sequential layers =
        new Sequential()
            .add("features", features)
            .add("avgpool", AdaptivePool.average(1))
            .add("flatten", new Flatten())
            .add(
                "classifier",
                Sequential.of(
                    Drop.elements(options.dropRate(0.2)), new Linear(LAST, options.classes())));
    return new Network(name, options.input(), layers)
        .initializer(Initializer.He.normal(Mode.FAN_OUT));
  }

  private static Sequential conv(int in, int out, int kernel, int stride, int groups) {
    return Sequential.of(
        new Conv2d(in, out, kernel).stride(stride).padding(kernel / 2).groups(groups).bias(false),
        new BatchNorm(out),
        Activate.relu6());
  }

  /** Expand, filter each channel, project; the last without an activation. */
  private static Layer block(int in, int expansion, int out, int stride) {
    int middle = in * expansion;
    Sequential conv = new Sequential();
    int index = 0;
    if (expansion > 1) {
      conv.add(String.valueOf(index++), conv(in, middle, 1, 1, 1));
    }
    conv.add(String.valueOf(index++), conv(middle, middle, 3, stride, middle));
    conv.add(String.valueOf(index++), new Conv2d(middle, out, 1).bias(false));
    conv.add(String.valueOf(index), new BatchNorm(out));
    Sequential body = new Sequential().add("conv", conv);
    return stride == 1 && in == out ? new Residual(body) : body;
  }
}
