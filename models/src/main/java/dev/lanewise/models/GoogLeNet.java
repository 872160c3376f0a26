package dev.lanewise.models;

import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.AdaptivePool;
import dev.lanewise.nn.layer.Branches;
import dev.lanewise.nn.layer.Drop;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Initializer;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.LocalResponseNorm;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Pool;
import dev.lanewise.nn.layer.Sequential;

/**
 * GoogLeNet: Szegedy et al., 2015, table 1.
 *
 * <p>As published it has biases, local response norms and 5x5 convolutions in the third branch:
 * 6,998,552 parameters, 13,378,280 with the auxiliary heads. torchvision's has batch norms and 3x3
 * there: 6,624,904 and 13,004,888.
 *
 * @param normed whether batch norms stand in place of biases
 */
record GoogLeNet(boolean normed) {

  Network create(String name, ModelOptions options) {
    Sequential layers =
        new Sequential()
            .add("conv1", conv(options.channels(), 64, 7, 2)) //                    112 x 112
            .add("maxpool1", pool(3)); //                                            56 x 56
    if (!normed) {
      layers.add("norm1", new LocalResponseNorm(5));
    }
    layers.add("conv2", conv(64, 64, 1, 1)).add("conv3", conv(64, 192, 3, 1));
    if (!normed) {
      layers.add("norm2", new LocalResponseNorm(5));
    }
    layers
        .add("maxpool2", pool(3)) //                                                 28 x 28
        .add("inception3a", inception(192, 64, 96, 128, 16, 32, 32)) //             256
        .add("inception3b", inception(256, 128, 128, 192, 32, 96, 64)) //           480
        .add("maxpool3", pool(3)) //                                                 14 x 14
        .add("inception4a", inception(480, 192, 96, 208, 16, 48, 64)) //            512
        .add("inception4b", inception(512, 160, 112, 224, 24, 64, 64)) //           512
        .add("inception4c", inception(512, 128, 128, 256, 24, 64, 64)) //           512
        .add("inception4d", inception(512, 112, 144, 288, 32, 64, 64)) //           528
        .add("inception4e", inception(528, 256, 160, 320, 32, 128, 128)) //         832
        .add("maxpool4", pool(normed ? 2 : 3)) //                                     7 x 7
        .add("inception5a", inception(832, 256, 160, 320, 32, 128, 128)) //         832
        .add("inception5b", inception(832, 384, 192, 384, 48, 128, 128)); //       1024
    if (options.auxiliaries()) {
      layers
          .addHead("aux1", "inception4a", head(512, options))
          .addHead("aux2", "inception4d", head(528, options));
    }
    layers
        .add("avgpool", AdaptivePool.average(1))
        .add("flatten", new Flatten())
        .add("dropout", Drop.elements(options.dropRate(normed ? 0.2 : 0.4)))
        .add("fc", new Linear(1024, options.classes()));
    return new Network(name, options.input(), layers)
        .initializer(
            normed
                ? new Initializer.TruncatedNormal(0.01f)
                : Initializer.He.normal(Initializer.Mode.FAN_IN));
  }

  private Sequential conv(int in, int out, int kernel, int stride) {
    return normed
        ? InceptionConv.same(in, out, kernel, stride)
        : InceptionConv.biased(in, out, kernel, stride);
  }

  private static Pool pool(int size) {
    return Pool.max(size).stride(2).ceilMode();
  }

  /** The columns of the table: #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj. */
  private Branches inception(
      int in, int one, int reduce3, int three, int reduce5, int five, int project) {
    return new Branches()
        .add("branch1", conv(in, one, 1, 1))
        .add("branch2", Sequential.of(conv(in, reduce3, 1, 1), conv(reduce3, three, 3, 1)))
        .add(
            "branch3",
            Sequential.of(conv(in, reduce5, 1, 1), conv(reduce5, five, normed ? 3 : 5, 1)))
        .add(
            "branch4",
            Sequential.of(Pool.max(3).stride(1).padding(1).ceilMode(), conv(in, project, 1, 1)));
  }

  private Sequential head(int in, ModelOptions options) {
    Sequential head = new Sequential();
    if (!normed) {
      head.add("pool", Pool.average(5).stride(3));
    }
    return head.add("avgpool", AdaptivePool.average(4))
        .add("conv", conv(in, 128, 1, 1))
        .add("flatten", new Flatten())
        .add("fc1", new Linear(128 * 4 * 4, 1024))
        .add("relu", Activate.relu())
        .add("dropout", Drop.elements(options.dropRate(0.7)))
        .add("fc2", new Linear(1024, options.classes()));
  }
}
