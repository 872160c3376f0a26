package dev.lanewise.models;

import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.AdaptivePool;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Drop;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Initializer;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.LocalResponseNorm;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Pool;
import dev.lanewise.nn.layer.Sequential;

/**
 * AlexNet (Krizhevsky, Sutskever, Hinton, 2012) and what ZFNet (Zeiler, Fergus, 2014) made of it:
 * five convolutions and three dense layers.
 *
 * @param groups of the second, fourth and fifth convolution: 2 where two processors held half of
 *     the channels each
 * @param first window of the first convolution
 * @param poolPadding of the pool after it
 * @param second window of the second convolution
 * @param third channels of the third convolution
 * @param fourth channels of the fourth convolution
 * @param fifth channels of the fifth convolution
 */
record AlexNet(
    int groups, Window first, int poolPadding, Window second, int third, int fourth, int fifth) {

  /** The window of a convolution. */
  private record Window(int kernel, int stride, int padding) {}

  private static final int CHANNELS_1 = 96;
  private static final int CHANNELS_2 = 256;
  private static final int SIZE = 6;

  /** The network of 2012 on two processors. 60,965,224 parameters. */
  static AlexNet twoColumns() {
    return new AlexNet(2, new Window(11, 4, 2), 0, new Window(5, 1, 2), 384, 384, 256);
  }

  /** The same in one column, as textbooks show it at 227 x 227. 62,378,344 parameters. */
  static AlexNet oneColumn() {
    return new AlexNet(1, new Window(11, 4, 0), 0, new Window(5, 1, 2), 384, 384, 256);
  }

  /** ZFNet, which looks closer: 62,357,608 parameters with the channels of AlexNet. */
  static AlexNet zeilerFergus(int third, int fourth, int fifth) {
    return new AlexNet(1, new Window(7, 2, 1), 1, new Window(5, 2, 0), third, fourth, fifth);
  }

  Network create(String name, ModelOptions options) {
    Sequential layers =
        new Sequential()
            .add("conv1", conv(options.channels(), CHANNELS_1, first, 1)) // 55 x 55; ZF 110
            .add("relu1", Activate.relu())
            .add("norm1", norm())
            .add("pool1", Pool.max(3).stride(2).padding(poolPadding)) //     27 x 27; ZF  55
            .add("conv2", conv(CHANNELS_1, CHANNELS_2, second, groups)) //   27 x 27; ZF  26
            .add("relu2", Activate.relu())
            .add("norm2", norm())
            .add("pool2", Pool.max(3).stride(2).ceilMode()) //               13 x 13
            .add("conv3", conv(CHANNELS_2, third, 3, 1, 1))
            .add("relu3", Activate.relu())
            .add("conv4", conv(third, fourth, 3, 1, groups))
            .add("relu4", Activate.relu())
            .add("conv5", conv(fourth, fifth, 3, 1, groups))
            .add("relu5", Activate.relu())
            .add("pool5", Pool.max(3).stride(2)) //                           6 x 6
            .add("avgpool", AdaptivePool.average(SIZE))
            .add("flatten", new Flatten())
            .add("classifier", DenseHead.of(fifth * SIZE * SIZE, options));
    return new Network(name, options.input(), layers).initializer(DenseHead.INITIALIZER);
  }

  /** torchvision's AlexNet, without norms: Krizhevsky, 2014. 61,100,840 parameters. */
  static Network torchvision(String name, ModelOptions options) {
    Sequential features =
        Sequential.of(
            new Conv2d(options.channels(), 64, 11).stride(4).padding(2), // 55 x 55
            Activate.relu(),
            Pool.max(3).stride(2), //                                        27 x 27
            conv(64, 192, 5, 2, 1),
            Activate.relu(),
            Pool.max(3).stride(2), //                                        13 x 13
            conv(192, 384, 3, 1, 1),
            Activate.relu(),
            conv(384, 256, 3, 1, 1),
            Activate.relu(),
            conv(256, 256, 3, 1, 1),
            Activate.relu(),
            Pool.max(3).stride(2)); //                                        6 x 6
    Sequential classifier =
        Sequential.of(
            Drop.elements(options.dropRate(DenseHead.DROPOUT)),
            new Linear(256 * SIZE * SIZE, DenseHead.WIDTH),
            Activate.relu(),
            Drop.elements(options.dropRate(DenseHead.DROPOUT)),
            new Linear(DenseHead.WIDTH, DenseHead.WIDTH),
            Activate.relu(),
            new Linear(DenseHead.WIDTH, options.classes()));
    Sequential layers =
        new Sequential()
            .add("features", features)
            .add("avgpool", AdaptivePool.average(SIZE))
            .add("flatten", new Flatten())
            .add("classifier", classifier);
    return new Network(name, options.input(), layers).initializer(new Initializer.FanInUniform());
  }

  private static Layer conv(int in, int out, int kernel, int padding, int groups) {
    return conv(in, out, new Window(kernel, 1, padding), groups);
  }

  private static Layer conv(int in, int out, Window window, int groups) {
    return new Conv2d(in, out, window.kernel)
        .stride(window.stride)
        .padding(window.padding)
        .groups(groups);
  }

  /** The paper's k = 2, n = 5, alpha = 1e-4 for each of the n channels, beta = 0.75. */
  private static Layer norm() {
    return new LocalResponseNorm(5, 5e-4f, 0.75f, 2);
  }
}
