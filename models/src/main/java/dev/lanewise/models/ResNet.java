package dev.lanewise.models;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.AdaptivePool;
import dev.lanewise.nn.layer.BatchNorm;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Initializer;
import dev.lanewise.nn.layer.Initializer.Mode;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.PadChannels;
import dev.lanewise.nn.layer.Pool;
import dev.lanewise.nn.layer.Residual;
import dev.lanewise.nn.layer.Sequential;

/**
 * Residual networks: He, Zhang, Ren, Sun, 2016, table 1 (with the stride in the 3x3 convolution, as
 * torchvision has it), their wider forms (Zagoruyko, Komodakis, 2016) and those with groups (Xie et
 * al., 2017, table 1).
 *
 * @param block kind of block
 * @param groups of the 3x3 convolutions of bottlenecks
 * @param width channels of the bottlenecks of the first stage
 * @param blocks in each stage
 */
@SuppressWarnings("ArrayRecordComponent") // a table, never compared
record ResNet(Block block, int groups, int width, int... blocks) {

  private static final int STEM = 64;

  /** How a block is made, and how many times its nominal channels it gives. */
  enum Block {
    BASIC(1),
    BOTTLENECK(4);

    private final int expansion;

    Block(int expansion) {
      this.expansion = expansion;
    }
  }

  /** Two 3x3 convolutions a block: ResNet-18 and 34. */
  static ResNet basic(int... blocks) {
    return new ResNet(Block.BASIC, 1, STEM, blocks);
  }

  /** Bottlenecks: ResNet-50 and deeper. */
  static ResNet bottleneck(int... blocks) {
    return new ResNet(Block.BOTTLENECK, 1, STEM, blocks);
  }

  /** Wider bottlenecks, in groups if more than one. */
  static ResNet wide(int groups, int width, int... blocks) {
    return new ResNet(Block.BOTTLENECK, groups, width, blocks);
  }

  /** The form for images of 224 pixels: a stem of 7x7, stride 2, and a max pool. */
  Network imagenet(String name, ModelOptions options) {
    Sequential layers =
        new Sequential()
            .add("conv1", conv(options.channels(), STEM, 7, 2)) // 112 x 112
            .add("bn1", new BatchNorm(STEM))
            .add("relu", Activate.relu())
            .add("maxpool", Pool.max(3).stride(2).padding(1)); //   56 x 56
    return body(name, options, layers);
  }

  /** The form for images of 32 pixels: a stem of 3x3, stride 1, and no pool. */
  Network cifar(String name, ModelOptions options) {
    Sequential layers =
        new Sequential()
            .add("conv1", conv(options.channels(), STEM, 3, 1)) // 32 x 32
            .add("bn1", new BatchNorm(STEM))
            .add("relu", Activate.relu());
    return body(name, options, layers);
  }

  private Network body(String name, ModelOptions options, Sequential layers) {
    int in = STEM;
    for (int stage = 0; stage < blocks.length; stage++) {
      int channels = STEM << stage;
      Sequential blocksOfStage = new Sequential();
      for (int i = 0; i < blocks[stage]; i++) {
        int stride = stage > 0 && i == 0 ? 2 : 1;
        blocksOfStage.add(String.valueOf(i), block(in, channels, stride));
        in = channels * block.expansion;
      }
      layers.add("layer" + (stage + 1), blocksOfStage);
    }
    return classified(name, options, layers, in);
  }

  private static Network classified(
      String name, ModelOptions options, Sequential layers, int features) {
    layers
        .add("avgpool", AdaptivePool.average(1))
        .add("flatten", new Flatten())
        .add("fc", new Linear(features, options.classes()));
    return new Network(name, options.input(), layers)
        .initializer(Initializer.He.normal(Mode.FAN_OUT));
  }

  private Residual block(int in, int channels, int stride) {
    int out = channels * block.expansion;
    Residual residual =
        new Residual(
            switch (block) {
              case BASIC -> basicBody(in, channels, stride);
              case BOTTLENECK -> bottleneckBody(in, channels * width / STEM, out, stride);
            },
            Activation.RELU);
    return stride == 1 && in == out
        ? residual
        : residual.shortcut(
            "downsample", Sequential.of(conv(in, out, 1, stride), new BatchNorm(out)));
  }

  private static Sequential basicBody(int in, int out, int stride) {
    return new Sequential()
        .add("conv1", conv(in, out, 3, stride))
        .add("bn1", new BatchNorm(out))
        .add("relu", Activate.relu())
        .add("conv2", conv(out, out, 3, 1))
        .add("bn2", new BatchNorm(out));
  }

  private Sequential bottleneckBody(int in, int middle, int out, int stride) {
    return new Sequential()
        .add("conv1", conv(in, middle, 1, 1))
        .add("bn1", new BatchNorm(middle))
        .add("relu", Activate.relu())
        .add("conv2", conv(middle, middle, 3, stride).groups(groups))
        .add("bn2", new BatchNorm(middle))
        .add("relu2", Activate.relu())
        .add("conv3", conv(middle, out, 1, 1))
        .add("bn3", new BatchNorm(out));
  }

  private static Conv2d conv(int in, int out, int kernel, int stride) {
    return new Conv2d(in, out, kernel).stride(stride).padding(kernel / 2).bias(false);
  }

  /**
   * The small networks for CIFAR of section 4.2: three stages of 16, 32 and 64 channels, the
   * shortcuts without parameters (option A), {@code 6 n + 2} layers.
   *
   * @param blocks in each stage, n
   */
  static Network small(String name, ModelOptions options, int blocks) {
    int in = 16;
    Sequential layers =
        new Sequential()
            .add("conv1", conv(options.channels(), in, 3, 1)) // 32 x 32
            .add("bn1", new BatchNorm(in))
            .add("relu", Activate.relu());
    for (int stage = 0; stage < 3; stage++) {
      int out = 16 << stage;
      Sequential blocksOfStage = new Sequential();
      for (int i = 0; i < blocks; i++) {
        boolean first = stage > 0 && i == 0;
        Residual block = new Residual(basicBody(in, out, first ? 2 : 1), Activation.RELU);
        blocksOfStage.add(
            String.valueOf(i),
            first
                ? block.shortcut(
                    "downsample", Sequential.of(Pool.max(1).stride(2), new PadChannels(out)))
                : block);
        in = out;
      }
      layers.add("layer" + (stage + 1), blocksOfStage);
    }
    return classified(name, options, layers, in);
  }
}
