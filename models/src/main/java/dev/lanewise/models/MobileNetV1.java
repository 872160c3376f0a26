package dev.lanewise.models;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.nn.layer.AdaptivePool;
import dev.lanewise.nn.layer.Drop;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Initializer;
import dev.lanewise.nn.layer.Initializer.Mode;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Sequential;
import java.util.List;

/**
 * MobileNet: Howard et al., 2017, table 1: depthwise-separable convolutions. 4,231,976 parameters
 * at width 1.
 */
final class MobileNetV1 {

  /** A line of the table: a depthwise convolution of a stride, a pointwise to c channels. */
  private record Line(int s, int c) {}

  private static final List<Line> TABLE =
      List.of(
          new Line(1, 64), //   112 x 112
          new Line(2, 128), //   56 x 56
          new Line(1, 128),
          new Line(2, 256), //   28 x 28
          new Line(1, 256),
          new Line(2, 512), //   14 x 14
          new Line(1, 512),
          new Line(1, 512),
          new Line(1, 512),
          new Line(1, 512),
          new Line(1, 512),
          new Line(2, 1024), //   7 x 7
          new Line(1, 1024));

  private static final int STEM = 32;
  private static final int FEWEST = 8;
  private static final ConvNorm CONV = ConvNorm.USUAL;
  private static final Activation RELU = Activation.RELU;

  private MobileNetV1() {}

  static Network create(String name, ModelOptions options) {
    int in = channels(STEM, options);
    Sequential features = Sequential.of(CONV.full(options.channels(), in, 3, 2, RELU));
    for (int i = 0; i < TABLE.size(); i++) {
      Line line = TABLE.get(i);
      int out = channels(line.c, options);
      features.add(
          String.valueOf(i + 1),
          Sequential.of(CONV.depthwise(in, 3, line.s, RELU), CONV.pointwise(in, out, RELU)));
      in = out;
    }
    Sequential layers =
        new Sequential()
            .add("features", features)
            .add("avgpool", AdaptivePool.average(1))
            .add("flatten", new Flatten())
            .add(
                "classifier",
                Sequential.of(
                    Drop.elements(options.dropRate(0.001)), new Linear(in, options.classes())));
    return new Network(name, options.input(), layers)
        .initializer(Initializer.He.normal(Mode.FAN_OUT));
  }

  private static int channels(int published, ModelOptions options) {
    return Math.max(FEWEST, (int) (published * options.multiplier()));
  }
}
