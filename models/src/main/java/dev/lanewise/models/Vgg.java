package dev.lanewise.models;

import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.AdaptivePool;
import dev.lanewise.nn.layer.BatchNorm;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Pool;
import dev.lanewise.nn.layer.Sequential;
import java.util.ArrayList;
import java.util.List;

/**
 * VGG: Simonyan, Zisserman, 2015, table 1: 3x3 convolutions in five stages, each ended by a pool.
 * VGG-16 has 138,357,544 parameters, VGG-19 143,667,240.
 *
 * @param norms whether a batch norm follows each convolution
 * @param convolutions of each stage
 */
record Vgg(boolean norms, List<Integer> convolutions) {

  private static final int[] CHANNELS = {64, 128, 256, 512, 512};
  private static final int SIZE = 7;

  /** A column of the table without norms: convolutions of each stage. */
  static Vgg plain(Integer... convolutions) {
    return new Vgg(false, List.of(convolutions));
  }

  /** The same with a batch norm after each convolution. */
  Vgg withNorms() {
    return new Vgg(true, convolutions);
  }

  Network create(String name, ModelOptions options) {
    List<Layer> features = new ArrayList<>();
    int in = options.channels();
    for (int stage = 0; stage < CHANNELS.length; stage++) {
      int out = CHANNELS[stage];
      for (int i = 0; i < convolutions.get(stage); i++) {
        features.add(new Conv2d(in, out, 3).padding(1));
        if (norms) {
          features.add(new BatchNorm(out));
        }
        features.add(Activate.relu());
        in = out;
      }
      features.add(Pool.max(2)); // 112, 56, 28, 14, 7
    }
    Sequential layers =
        new Sequential()
            .add("features", Sequential.of(features.toArray(Layer[]::new)))
            .add("avgpool", AdaptivePool.average(SIZE))
            .add("flatten", new Flatten())
            .add("classifier", DenseHead.of(in * SIZE * SIZE, options));
    return new Network(name, options.input(), layers).initializer(DenseHead.INITIALIZER);
  }
}
