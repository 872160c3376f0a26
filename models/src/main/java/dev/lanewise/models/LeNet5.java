package dev.lanewise.models;

import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Pool;
import dev.lanewise.nn.layer.Sequential;

/**
 * LeNet-5 (LeCun, Bottou, Bengio, Haffner, 1998) as it is taught today: C3 is fully connected, the
 * subsampling has no parameters, and the last layer is dense. 61,706 parameters.
 */
final class LeNet5 {

  private LeNet5() {}

  static Network create(String name, ModelOptions options) {
    Sequential layers =
        new Sequential()
            .add("conv1", new Conv2d(options.channels(), 6, 5)) // C1:   6 x 28 x 28
            .add("tanh1", Activate.tanh())
            .add("pool1", Pool.average(2)) //                 S2:   6 x 14 x 14
            .add("conv2", new Conv2d(6, 16, 5)) //             C3:  16 x 10 x 10
            .add("tanh2", Activate.tanh())
            .add("pool2", Pool.average(2)) //                 S4:  16 x 5 x 5
            .add("conv3", new Conv2d(16, 120, 5)) //           C5: 120 x 1 x 1
            .add("tanh3", Activate.tanh())
            .add("flatten", new Flatten())
            .add("fc1", new Linear(120, 84)) //                F6:  84
            .add("tanh4", Activate.tanh())
            .add("fc2", new Linear(84, options.classes()));
    return new Network(name, options.input(), layers);
  }
}
