package dev.lanewise.bench.peer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** A convolution with its data in plain layouts, and the number of threads that may compute it. */
public final class Problem {

  private static final long SEED = 1;

  private final ConvShape shape;
  private final float[] input;
  private final float[] filter;
  private final float[] bias;
  private final int threads;

  private Problem(ConvShape shape, float[] input, float[] filter, float[] bias, int threads) {
    this.shape = shape;
    this.input = input;
    this.filter = filter;
    this.bias = bias;
    this.threads = threads;
  }

  /** A problem of the given shape whose values are uniform in [-1, 1), the same for every call. */
  public static Problem random(ConvShape shape, int threads) {
    RandomGenerator random = new SplittableRandom(SEED);
    return new Problem(
        shape,
        uniform(Check.elements("input", shape.inputDims()), random),
        uniform(shape.filterLength(), random),
        uniform(shape.outChannels(), random),
        threads);
  }

  private static float[] uniform(int length, RandomGenerator random) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat(-1, 1);
    }
    return values;
  }

  public ConvShape shape() {
    return shape;
  }

  /** NCHW, {@link ConvShape#inputDims()}; not to be changed. */
  public float[] input() {
    return input;
  }

  /** OIHW, {@link ConvShape#filterDims()}; not to be changed. */
  public float[] filter() {
    return filter;
  }

  /** One value an output channel; not to be changed. */
  public float[] bias() {
    return bias;
  }

  public int threads() {
    return threads;
  }
}
