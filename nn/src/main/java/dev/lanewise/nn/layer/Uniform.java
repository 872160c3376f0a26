package dev.lanewise.nn.layer;

import dev.lanewise.nn.Tensor;
import java.util.Random;

/**
 * The starting values of PyTorch's convolutions and dense layers: weights and biases uniform in
 * {@code [-1 / sqrt(fanIn), 1 / sqrt(fanIn))}, where fan-in is the number of inputs of one output.
 * ({@code kaiming_uniform_} with a = sqrt(5) comes to the same bound.)
 */
final class Uniform {

  private Uniform() {}

  static void fill(Tensor parameter, int fanIn, Random random) {
    double bound = 1 / Math.sqrt(fanIn);
    float[] data = parameter.data();
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
  }
}
