package dev.lanewise.nn.insight;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.data.Normalization;
import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Sequential;
import java.util.List;
import java.util.Random;

/** Small classifiers for tests. */
final class Nets {

  /** Two channels, so that a mixed-up channel shows. */
  static final Normalization TWO = new Normalization(List.of(0.4f, 0.6f), List.of(0.5f, 0.25f));

  private Nets() {}

  /** Three classes of images of two channels, 6 x 5, smooth in its input. */
  static ImageClassifier smooth() {
    Sequential body =
        new Sequential()
            .add("conv", new Conv2d(2, 4, 3).padding(1))
            .add("tanh", Activate.tanh())
            .add("flatten", new Flatten())
            .add("fc", new Linear(4 * 6 * 5, 3));
    Network network = new Network("smooth", new int[] {2, 6, 5}, body).initialize(3);
    return new ImageClassifier(network, TWO, Workers.shared());
  }

  /** Random pixels from 0 to 1, some of them at the ends. */
  static Tensor images(long seed, int... shape) {
    Tensor images = Tensor.zeros(shape);
    Random random = new Random(seed);
    for (int i = 0; i < images.size(); i++) {
      images.data()[i] = Math.clamp(1.2f * random.nextFloat() - 0.1f, 0, 1);
    }
    return images;
  }

  /** Sets the weights of a layer. */
  static void set(Network network, String parameter, float... values) {
    System.arraycopy(values, 0, network.parameters().get(parameter).data(), 0, values.length);
    network.parameters().get(parameter).changed();
  }
}
