package dev.lanewise.models;

import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.AdaptivePool;
import dev.lanewise.nn.layer.BatchNorm;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.DenseBlock;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Initializer;
import dev.lanewise.nn.layer.Initializer.Mode;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Pool;
import dev.lanewise.nn.layer.Sequential;

/**
 * Densely connected networks: Huang, Liu, van der Maaten, Weinberger, 2017, table 1 (DenseNet-BC).
 *
 * @param stem channels before the first block
 * @param growth channels that each layer adds
 * @param blocks layers of each block
 */
@SuppressWarnings("ArrayRecordComponent") // a table, never compared
record DenseNet(int stem, int growth, int... blocks) {

  /** Channels between the convolutions of a layer, by its growth. */
  private static final int BOTTLENECK = 4;

  Network create(String name, ModelOptions options) {
    Sequential features =
        new Sequential()
            .add(
                "conv0",
                new Conv2d(options.channels(), stem, 7).stride(2).padding(3).bias(false)) // 112
            .add("norm0", new BatchNorm(stem))
            .add("relu0", Activate.relu())
            .add("pool0", Pool.max(3).stride(2).padding(1)); //                               56
    int channels = stem;
    for (int i = 1; i <= blocks.length; i++) {
      DenseBlock block = new DenseBlock();
      for (int layer = 1; layer <= blocks[i - 1]; layer++) {
        block.add("denselayer" + layer, layer(channels));
        channels += growth;
      }
      features.add("denseblock" + i, block);
      if (i < blocks.length) {
        features.add("transition" + i, transition(channels));
        channels /= 2;
      }
    }
    features.add("norm5", new BatchNorm(channels));
    Sequential layers =
        new Sequential()
            .add("features", features)
            .add("relu", Activate.relu())
            .add("avgpool", AdaptivePool.average(1))
            .add("flatten", new Flatten())
            .add("classifier", new Linear(channels, options.classes()));
    return new Network(name, options.input(), layers)
        .initializer(Initializer.He.normal(Mode.FAN_IN));
  }

  private Sequential layer(int in) {
    int middle = BOTTLENECK * growth;
    return new Sequential()
        .add("norm1", new BatchNorm(in))
        .add("relu1", Activate.relu())
        .add("conv1", new Conv2d(in, middle, 1).bias(false))
        .add("norm2", new BatchNorm(middle))
        .add("relu2", Activate.relu())
        .add("conv2", new Conv2d(middle, growth, 3).padding(1).bias(false));
  }

  private static Sequential transition(int in) {
    return new Sequential()
        .add("norm", new BatchNorm(in))
        .add("relu", Activate.relu())
        .add("conv", new Conv2d(in, in / 2, 1).bias(false))
        .add("pool", Pool.average(2));
  }
}
