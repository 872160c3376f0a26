package dev.lanewise.kernels;

import java.util.Random;

/** Operands for tests. */
public final class Values {

  private Values() {}

  /** Integers from -4 to 4: their sums of products are exact in floats, whatever the order. */
  public static float[] integers(int length, long seed) {
    return integers(new Random(seed), length);
  }

  /** The next such integers. */
  public static float[] integers(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextInt(-4, 5);
    }
    return values;
  }

  /** Reals from -0.5 to 0.5, whose sums show the order of summation. */
  public static float[] reals(int length, long seed) {
    return reals(new Random(seed), length);
  }

  /** The next such reals. */
  public static float[] reals(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }
}
