package dev.lanewise.models;

import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.AdaptivePool;
import dev.lanewise.nn.layer.Branches;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Drop;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Initializer;
import dev.lanewise.nn.layer.Initializer.Mode;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Pool;
import dev.lanewise.nn.layer.Sequential;

/** SqueezeNet: Iandola et al., 2016, table 1. 1,248,424 parameters, version 1.1 1,235,496. */
final class SqueezeNet {

  private SqueezeNet() {}

  /** The network of the paper. */
  static Network version10(String name, ModelOptions options) {
    return create(
        name,
        options,
        new Conv2d(options.channels(), 96, 7).stride(2), // 109 x 109
        Activate.relu(),
        pool(), //                                           54 x 54
        fire(96, 16, 64),
        fire(128, 16, 64),
        fire(128, 32, 128),
        pool(), //                                           27 x 27
        fire(256, 32, 128),
        fire(256, 48, 192),
        fire(384, 48, 192),
        fire(384, 64, 256),
        pool(), //                                           13 x 13
        fire(512, 64, 256));
  }

  /** Pools earlier and so needs 2.4 times less work: the authors' release of it. */
  static Network version11(String name, ModelOptions options) {
    return create(
        name,
        options,
        new Conv2d(options.channels(), 64, 3).stride(2), // 111 x 111
        Activate.relu(),
        pool(), //                                           55 x 55
        fire(64, 16, 64),
        fire(128, 16, 64),
        pool(), //                                           27 x 27
        fire(128, 32, 128),
        fire(256, 32, 128),
        pool(), //                                           13 x 13
        fire(256, 48, 192),
        fire(384, 48, 192),
        fire(384, 64, 256),
        fire(512, 64, 256));
  }

  private static Network create(String name, ModelOptions options, Layer... features) {
    Sequential layers =
        new Sequential()
            .add("features", Sequential.of(features))
            .add(
                "classifier",
                Sequential.of(
                    Drop.elements(options.dropRate(0.5)),
                    new Conv2d(512, options.classes(), 1),
                    Activate.relu(),
                    AdaptivePool.average(1)))
            .add("flatten", new Flatten());
    return new Network(name, options.input(), layers)
        .initializer(Initializer.He.normal(Mode.FAN_IN));
  }

  private static Layer pool() {
    return Pool.max(3).stride(2).ceilMode();
  }

  /** Squeezes the channels and expands them by as many 1x1 as 3x3 filters. */
  private static Layer fire(int in, int squeezed, int expanded) {
    Sequential squeeze =
        new Sequential()
            .add("squeeze", new Conv2d(in, squeezed, 1))
            .add("squeeze_activation", Activate.relu());
    return new Branches(squeeze)
        .join(
            new Sequential()
                .add("expand1x1", new Conv2d(squeezed, expanded, 1))
                .add("expand1x1_activation", Activate.relu()))
        .join(
            new Sequential()
                .add("expand3x3", new Conv2d(squeezed, expanded, 3).padding(1))
                .add("expand3x3_activation", Activate.relu()));
  }
}
