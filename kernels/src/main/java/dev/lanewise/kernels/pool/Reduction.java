package dev.lanewise.kernels.pool;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Check;

/**
 * What a window is reduced to.
 *
 * @param kind how
 * @param power p of a p-norm, else 0
 * @param shares of the maximum in a mixture with the average, for each channel, padded to whole
 *     blocks; empty otherwise
 */
@SuppressWarnings("ArrayRecordComponent") // read by the loops; never compared
record Reduction(Kind kind, int power, float[] shares) {

  enum Kind {
    MAX,
    MIN,
    AVERAGE,
    NORM,
    MIXED
  }

  static final Reduction MAX = of(Kind.MAX);
  static final Reduction MIN = of(Kind.MIN);
  static final Reduction AVERAGE = of(Kind.AVERAGE);

  /** Beyond it, powers of most floats overflow or vanish. */
  private static final int MOST_POWER = 64;

  static Reduction norm(int power) {
    Check.that(
        power >= 1 && power <= MOST_POWER, "p must be from 1 to %d, is %d", MOST_POWER, power);
    return new Reduction(Kind.NORM, power, new float[0]);
  }

  static Reduction mixed(int channels, float... share) {
    Check.that(
        share.length == 1 || share.length == channels,
        "%d shares of %d channels: give 1, or one for each",
        share.length,
        channels);
    float[] shares = new float[Layout.blocks(channels) * Layout.BLOCK];
    for (int c = 0; c < channels; c++) {
      shares[c] = share[share.length == 1 ? 0 : c];
      Check.that(shares[c] >= 0 && shares[c] <= 1, "a share is from 0 to 1, not %s", shares[c]);
    }
    return new Reduction(Kind.MIXED, 0, shares);
  }

  private static Reduction of(Kind kind) {
    return new Reduction(kind, 0, new float[0]);
  }
}
