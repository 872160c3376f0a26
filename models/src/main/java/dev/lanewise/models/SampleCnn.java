package dev.lanewise.models;

import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.AdaptivePool;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Pool;
import dev.lanewise.nn.layer.Sequential;

/** The survey's sample of five layers with parameters: 111,050 of them. */
final class SampleCnn {

  private SampleCnn() {}

  static Network create(String name, ModelOptions options) {
    Sequential layers =
        new Sequential()
            .add("conv1", new Conv2d(options.channels(), 32, 3).padding(1)) // 32 x 32
            .add("relu1", Activate.relu())
            .add("pool1", Pool.max(2)) //                                       16 x 16
            .add("conv2", new Conv2d(32, 64, 3).padding(1))
            .add("relu2", Activate.relu())
            .add("pool2", Pool.max(2)) //                                        8 x 8
            .add("conv3", new Conv2d(64, 128, 3).padding(1))
            .add("relu3", Activate.relu())
            .add("avgpool", AdaptivePool.average(1))
            .add("flatten", new Flatten())
            .add("fc1", new Linear(128, 128))
            .add("relu4", Activate.relu())
            .add("fc2", new Linear(128, options.classes()));
    return new Network(name, options.input(), layers);
  }
}
