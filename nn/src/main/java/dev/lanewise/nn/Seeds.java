package dev.lanewise.nn;

/**
 * A row of seeds that a first one determines: SplitMix64 (Steele, Lea and Flood 2014), the same on
 * every machine.
 */
public final class Seeds {

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long state;

  /** The row of seed 0. */
  public Seeds() {}

  /** Starts the row of another seed. */
  public void set(long seed) {
    state = seed;
  }

  /** The next seed of the row. */
  public long next() {
    state += GOLDEN;
    return mix(state);
  }

  /** Number {@code index} of the row of a seed, without those before it. */
  public static long at(long seed, long index) {
    return mix(seed + (index + 1) * GOLDEN);
  }

  /** A number in [0, 1) from number {@code index} of the row of a seed. */
  public static float uniform(long seed, long index) {
    return (at(seed, index) >>> 40) * 0x1p-24f;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
