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
import dev.lanewise.nn.layer.SqueezeExcitation;
import java.util.ArrayList;
import java.util.List;

/**
 * EfficientNets: Tan, Le, 2019, table 1, the baseline B0 that the others scale in width and depth.
 *
 * @param width factor of the channels
 * @param depth factor of the layers of a stage
 * @param dropout before the last layer
 * @param conv convolutions with their norms
 */
record EfficientNet(double width, double depth, double dropout, ConvNorm conv) {

  /** A line of the table: MBConv of an expansion and kernel, stride, B0's channels and layers. */
  private record Stage(int expansion, int kernel, int stride, int channels, int layers) {}

  private static final List<Stage> TABLE =
      List.of(
          new Stage(1, 3, 1, 16, 1), //  112 x 112
          new Stage(6, 3, 2, 24, 2), //   56 x 56
          new Stage(6, 5, 2, 40, 2), //   28 x 28
          new Stage(6, 3, 2, 80, 3), //   14 x 14
          new Stage(6, 5, 1, 112, 3), //  14 x 14
          new Stage(6, 5, 2, 192, 4), //   7 x 7
          new Stage(6, 3, 1, 320, 1)); //  7 x 7

  private static final int STEM = 32;
  private static final int LAST = 4;
  private static final int SQUEEZE = 4;
  private static final Activation SILU = Activation.SILU;
  private static final double STOCHASTIC_DEPTH = 0.2;

  /** Rates of dropout by step, B0 to B7. */
  private static final double[] DROPOUT = {0.2, 0.2, 0.3, 0.3, 0.4, 0.4, 0.5, 0.5};

  /** From this step on the norms' statistics move slowly. */
  private static final int SLOW = 5;

  /** The network of a published scaling. */
  static EfficientNet scaled(CompoundScaling scaling) {
    ConvNorm conv = scaling.phi() < SLOW ? ConvNorm.USUAL : ConvNorm.SLOW;
    return new EfficientNet(scaling.width(), scaling.depth(), DROPOUT[scaling.phi()], conv);
  }

  Network create(String name, ModelOptions options) {
    int in = channels(STEM);
    Sequential features = Sequential.of(conv.full(options.channels(), in, 3, 2, SILU));
    int total = TABLE.stream().mapToInt(this::layers).sum();
    int index = 0;
    for (int stage = 0; stage < TABLE.size(); stage++) {
      Stage line = TABLE.get(stage);
      List<Layer> blocks = new ArrayList<>();
      for (int i = 0; i < layers(line); i++) {
        float rate = options.dropRate(STOCHASTIC_DEPTH * index++ / total);
        blocks.add(block(line, in, i == 0 ? line.stride : 1, rate));
        in = channels(line.channels);
      }
      features.add(String.valueOf(stage + 1), Sequential.of(blocks.toArray(Layer[]::new)));
    }
    features.add(String.valueOf(TABLE.size() + 1), conv.pointwise(in, LAST * in, SILU));
    Sequential layers =
        new Sequential()
            .add("features", features)
            .add("avgpool", AdaptivePool.average(1))
            .add("flatten", new Flatten())
            .add(
                "classifier",
                Sequential.of(
                    Drop.elements(options.dropRate(dropout)),
                    new Linear(LAST * in, options.classes())));
    return new Network(name, options.input(), layers)
        .initializer(Initializer.He.normal(Mode.FAN_OUT));
  }

  private int channels(int baseline) {
    return ConvNorm.scaled(baseline, width);
  }

  private int layers(Stage stage) {
    return (int) Math.ceil(stage.layers * depth);
  }

  /** Expand, filter each channel, weigh the channels, project without an activation. */
  private Layer block(Stage stage, int in, int stride, float dropRate) {
    int out = channels(stage.channels);
    int middle = in * stage.expansion;
    List<Layer> steps = new ArrayList<>();
    if (stage.expansion > 1) {
      steps.add(conv.pointwise(in, middle, SILU));
    }
    steps.add(conv.depthwise(middle, stage.kernel, stride, SILU));
    steps.add(new SqueezeExcitation(middle, Math.max(1, in / SQUEEZE), SILU, Activation.SIGMOID));
    steps.add(conv.projection(middle, out));
    Sequential body = new Sequential().add("block", Sequential.of(steps.toArray(Layer[]::new)));
    return stride == 1 && in == out
        ? new Residual(body.add("stochastic_depth", Drop.samples(dropRate)))
        : body;
  }
}
