package dev.lanewise.models;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.nn.layer.Activate;
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
import dev.lanewise.nn.layer.SqueezeExcitation;
import java.util.ArrayList;
import java.util.List;

/**
 * MobileNetV3: Howard et al., 2019, tables 1 and 2. 5,483,032 parameters (large) and 2,542,856
 * (small) at width 1.
 *
 * @param last width of the dense layer before the last
 * @param table the table's lines
 */
record MobileNetV3(int last, List<Line> table) {

  /**
   * A line of the table.
   *
   * @param k the kernel
   * @param exp channels of the depthwise convolution
   * @param out channels
   * @param se whether squeeze-and-excitation follows the depthwise convolution
   * @param nl the activation
   * @param s stride
   */
  private record Line(int k, int exp, int out, boolean se, Activation nl, int s) {}

  private static final Activation RE = Activation.RELU;
  private static final Activation HS = Activation.HARD_SWISH;
  private static final ConvNorm CONV = ConvNorm.SLOW;
  private static final Activation GATE = new Activation.HardSigmoid(1f / 6, 0.5f);
  private static final int STEM = 16;
  private static final int EXPANSION = 6;
  private static final int SQUEEZE = 4;

  static MobileNetV3 large() {
    return new MobileNetV3(
        1280,
        List.of(
            new Line(3, 16, 16, false, RE, 1), //   112 x 112
            new Line(3, 64, 24, false, RE, 2), //    56 x 56
            new Line(3, 72, 24, false, RE, 1),
            new Line(5, 72, 40, true, RE, 2), //     28 x 28
            new Line(5, 120, 40, true, RE, 1),
            new Line(5, 120, 40, true, RE, 1),
            new Line(3, 240, 80, false, HS, 2), //   14 x 14
            new Line(3, 200, 80, false, HS, 1),
            new Line(3, 184, 80, false, HS, 1),
            new Line(3, 184, 80, false, HS, 1),
            new Line(3, 480, 112, true, HS, 1),
            new Line(3, 672, 112, true, HS, 1),
            new Line(5, 672, 160, true, HS, 2), //    7 x 7
            new Line(5, 960, 160, true, HS, 1),
            new Line(5, 960, 160, true, HS, 1)));
  }

  static MobileNetV3 small() {
    return new MobileNetV3(
        1024,
        List.of(
            new Line(3, 16, 16, true, RE, 2), //    56 x 56
            new Line(3, 72, 24, false, RE, 2), //   28 x 28
            new Line(3, 88, 24, false, RE, 1),
            new Line(5, 96, 40, true, HS, 2), //    14 x 14
            new Line(5, 240, 40, true, HS, 1),
            new Line(5, 240, 40, true, HS, 1),
            new Line(5, 120, 48, true, HS, 1),
            new Line(5, 144, 48, true, HS, 1),
            new Line(5, 288, 96, true, HS, 2), //    7 x 7
            new Line(5, 576, 96, true, HS, 1),
            new Line(5, 576, 96, true, HS, 1)));
  }

  Network create(String name, ModelOptions options) {
    double width = options.multiplier();
    int in = ConvNorm.scaled(STEM, width);
    Sequential features = Sequential.of(CONV.full(options.channels(), in, 3, 2, HS));
    int index = 1;
    for (Line line : table) {
      features.add(String.valueOf(index++), block(line, in, width));
      in = ConvNorm.scaled(line.out, width);
    }
    features.add(String.valueOf(index), CONV.pointwise(in, EXPANSION * in, HS));
    int hidden = ConvNorm.scaled(last, width);
    Sequential layers =
        new Sequential()
            .add("features", features)
            .add("avgpool", AdaptivePool.average(1))
            .add("flatten", new Flatten())
            .add(
                "classifier",
                Sequential.of(
                    new Linear(EXPANSION * in, hidden),
                    new Activate(HS),
                    Drop.elements(options.dropRate(0.2)),
                    new Linear(hidden, options.classes())));
    return new Network(name, options.input(), layers)
        .initializer(Initializer.He.normal(Mode.FAN_OUT));
  }

  /** Expand, filter each channel, weigh the channels, project without an activation. */
  private static Layer block(Line line, int in, double width) {
    int middle = ConvNorm.scaled(line.exp, width);
    int out = ConvNorm.scaled(line.out, width);
    List<Layer> steps = new ArrayList<>();
    if (middle != in) {
      steps.add(CONV.pointwise(in, middle, line.nl));
    }
    steps.add(CONV.depthwise(middle, line.k, line.s, line.nl));
    if (line.se) {
      int squeezed = ConvNorm.scaled(middle, 1.0 / SQUEEZE);
      steps.add(new SqueezeExcitation(middle, squeezed, RE, GATE));
    }
    steps.add(CONV.projection(middle, out));
    Sequential body = new Sequential().add("block", Sequential.of(steps.toArray(Layer[]::new)));
    return line.s == 1 && in == out ? new Residual(body) : body;
  }
}
