package dev.lanewise.models;

import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Sequential;

/**
 * LeNet-5 as published: LeCun, Bottou, Bengio, Haffner, 1998, section II.B: C3 partly connected,
 * subsampling with a coefficient and a bias a map, and an output that compares F6 with drawings of
 * the digits. 60,000 trainable parameters.
 */
final class LeNet1998 {

  /** The paper's table I: the maps of S2 that each map of C3 sees. */
  private static final int[][] C3 = {
    {0, 1, 2}, {1, 2, 3}, {2, 3, 4}, {3, 4, 5}, {0, 4, 5}, {0, 1, 5},
    {0, 1, 2, 3}, {1, 2, 3, 4}, {2, 3, 4, 5}, {0, 3, 4, 5}, {0, 1, 4, 5}, {0, 1, 2, 5},
    {0, 1, 3, 4}, {1, 2, 4, 5}, {0, 2, 3, 5}, {0, 1, 2, 3, 4, 5}
  };

  private LeNet1998() {}

  static Network create(String name, ModelOptions options) {
    Sequential layers =
        new Sequential()
            .add("c1", new Conv2d(options.channels(), 6, 5)) //   6 x 28 x 28
            .add("tanh1", Rescale.tanh())
            .add("s2", new Subsampling(6)) //                     6 x 14 x 14
            .add("tanh2", Rescale.tanh())
            .add("c3", new PartialConv2d(6, 5, C3)) //           16 x 10 x 10
            .add("tanh3", Rescale.tanh())
            .add("s4", new Subsampling(16)) //                   16 x 5 x 5
            .add("tanh4", Rescale.tanh())
            .add("c5", new Conv2d(16, 120, 5)) //               120 x 1 x 1
            .add("tanh5", Rescale.tanh())
            .add("flatten", new Flatten())
            .add("f6", new Linear(120, DigitCodes.LENGTH)) //    84
            .add("tanh6", Rescale.tanh())
            .add("output", new DigitCodes(options.classes()));
    return new Network(name, options.input(), layers);
  }
}
