package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;
import java.util.Random;

/**
 * How weights and biases begin.
 *
 * <p>A seed gives the same values on every machine: {@link Random} is specified to the bit, and
 * logarithms and roots come from {@link StrictMath}.
 */
public sealed interface Initializer {

  /** Fills a weight, {@code [outputs][inputs of one]} row-major. */
  void weight(float[] values, Fan fan, Random random);

  /** Fills a bias; with zeros, unless said otherwise. */
  default void bias(float[] values, Fan fan, Random random) {
    Arrays.fill(values, 0);
  }

  /** Which of a weight's fans keeps its scale. */
  enum Mode {
    /** Activations keep theirs forward. */
    FAN_IN,
    /** Gradients keep theirs backward. */
    FAN_OUT;

    int of(Fan fan) {
      return this == FAN_IN ? fan.in() : fan.out();
    }
  }

  /**
   * What PyTorch gives convolutions and dense layers: weights and biases uniform in {@code [-1 /
   * sqrt(fanIn), 1 / sqrt(fanIn))}; PyTorch's {@code kaiming_uniform_} with a = sqrt(5) comes to
   * the same bound.
   */
  record FanInUniform() implements Initializer {
    @Override
    public void weight(float[] values, Fan fan, Random random) {
      uniform(values, 1 / Math.sqrt(fan.in()), random);
    }

    @Override
    public void bias(float[] values, Fan fan, Random random) {
      uniform(values, 1 / Math.sqrt(fan.in()), random);
    }
  }

  /**
   * Glorot and Bengio (2010), for activations near linear: variance {@code 2 / (fanIn + fanOut)}.
   *
   * @param normal whether normal or uniform
   */
  record Xavier(boolean normal) implements Initializer {
    @Override
    public void weight(float[] values, Fan fan, Random random) {
      spread(values, Math.sqrt(2.0 / (fan.in() + fan.out())), normal, random);
    }
  }

  /**
   * He et al. (2015), for rectifiers: variance {@code 2 / ((1 + slope^2) fan)}.
   *
   * @param normal whether normal or uniform
   * @param mode which fan
   * @param slope of the rectifier for negative values, 0 for ReLU
   */
  record He(boolean normal, Mode mode, float slope) implements Initializer {
    /** Normal values, for ReLU. */
    public static He normal(Mode mode) {
      return new He(true, mode, 0);
    }

    @Override
    public void weight(float[] values, Fan fan, Random random) {
      double gain = 2 / (1 + (double) slope * slope);
      spread(values, Math.sqrt(gain / mode.of(fan)), normal, random);
    }
  }

  /**
   * Normal values, those beyond two standard deviations drawn anew.
   *
   * @param deviation before the truncation
   */
  record TruncatedNormal(float deviation) implements Initializer {
    private static final double FARTHEST = 2;

    @Override
    public void weight(float[] values, Fan fan, Random random) {
      for (int i = 0; i < values.length; i++) {
        double z = random.nextGaussian();
        while (Math.abs(z) > FARTHEST) {
          z = random.nextGaussian();
        }
        values[i] = (float) (z * deviation);
      }
    }
  }

  /**
   * Orthonormal rows, or columns where there are more rows than columns (Saxe et al. 2014).
   *
   * @param gain factor of all
   */
  record Orthogonal(float gain) implements Initializer {
    @Override
    public void weight(float[] values, Fan fan, Random random) {
      Check.that(
          values.length % fan.in() == 0, "%d weights are no rows of %d", values.length, fan.in());
      int rows = values.length / fan.in();
      Orthonormal basis = Orthonormal.random(rows, fan.in(), random);
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (gain * basis.at(i / fan.in(), i % fan.in()));
      }
    }
  }

  private static void spread(float[] values, double deviation, boolean normal, Random random) {
    if (!normal) {
      uniform(values, Math.sqrt(3) * deviation, random);
      return;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
  }

  private static void uniform(float[] values, double bound, Random random) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
  }
}
