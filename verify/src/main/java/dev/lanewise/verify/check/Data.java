package dev.lanewise.verify.check;

import java.util.SplittableRandom;

/** Arrays of numbers from a seed. */
public final class Data {

  private final SplittableRandom random;

  /** The numbers that follow from a seed. */
  public Data(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Integers in {@code [-limit, limit]}: sums of their products are exact in float. */
  public float[] integers(int length, int limit) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextInt(-limit, limit + 1);
    }
    return values;
  }

  /** Reals in {@code [-1, 1)}. */
  public float[] reals(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  /** An integer in {@code [from, to]}. */
  public int between(int from, int to) {
    return random.nextInt(from, to + 1);
  }

  /** True once in {@code n} times. */
  public boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  /** One of the values. */
  @SafeVarargs
  public final <T> T oneOf(T... values) {
    return values[random.nextInt(values.length)];
  }
}
