package dev.lanewise.nn.layer;

import java.util.Random;

/**
 * The numbers of {@link Random} for one thread: the same for a seed, bit for bit, without the
 * atomic update that each of them costs there.
 */
final class SingleRandom extends Random {

  private static final long MULTIPLIER = 0x5DEECE66DL;
  private static final long INCREMENT = 0xBL;
  private static final long MASK = (1L << 48) - 1;

  private long state;

  SingleRandom(long seed) {
    super(seed);
  }

  /** Called by the superclass's constructor too. */
  @Override
  public synchronized void setSeed(long seed) {
    super.setSeed(seed);
    state = (seed ^ MULTIPLIER) & MASK;
  }

  @Override
  protected int next(int bits) {
    state = (state * MULTIPLIER + INCREMENT) & MASK;
    return (int) (state >>> (48 - bits));
  }
}
