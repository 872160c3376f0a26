package dev.lanewise.models;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.nn.layer.AdaptivePool;
import dev.lanewise.nn.layer.Drop;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Initializer;
import dev.lanewise.nn.layer.Initializer.Mode;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Residual;
import dev.lanewise.nn.layer.Sequential;
import java.util.ArrayList;
import java.util.List;

/** MobileNetV2: Sandler et al., 2018, table 2. 3,504,872 parameters at width 1. */
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
  private static final ConvNorm CONV = ConvNorm.USUAL;
  private static final Activation RELU6 = Activation.RELU6;

  private MobileNetV2() {}

  static Network create(String name, ModelOptions options) {
    double width = options.multiplier();
    int in = ConvNorm.scaled(STEM, width);
    Sequential features = Sequential.of(CONV.full(options.channels(), in, 3, 2, RELU6));
    int index = 1;
    for (Line line : TABLE) {
      int out = ConvNorm.scaled(line.c, width);
      for (int i = 0; i < line.n; i++) {
        features.add(String.valueOf(index++), block(in, line.t, out, i == 0 ? line.s : 1));
        in = out;
      }
    }
    int last = ConvNorm.scaled(LAST, Math.max(1, width));
    features.add(String.valueOf(index), CONV.pointwise(in, last, RELU6));
    Sequential layers =
        new Sequential()
            .add("features", features)
            .add("avgpool", AdaptivePool.average(1))
            .add("flatten", new Flatten())
            .add(
                "classifier",
                Sequential.of(
                    Drop.elements(options.dropRate(0.2)), new Linear(last, options.classes())));
    return new Network(name, options.input(), layers)
        .initializer(Initializer.He.normal(Mode.FAN_OUT));
  }

  /** Expand, filter each channel, project; the last without an activation. */
  private static Layer block(int in, int expansion, int out, int stride) {
    int middle = in * expansion;
    List<Layer> conv = new ArrayList<>();
    if (expansion > 1) {
      conv.add(CONV.pointwise(in, middle, RELU6));
    }
    conv.add(CONV.depthwise(middle, 3, stride, RELU6));
    conv.addAll(CONV.projecting(middle, out));
    Sequential body = new Sequential().add("conv", Sequential.of(conv.toArray(Layer[]::new)));
    return stride == 1 && in == out ? new Residual(body) : body;
  }
}
