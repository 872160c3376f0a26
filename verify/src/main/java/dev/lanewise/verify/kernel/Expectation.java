package dev.lanewise.verify.kernel;

/**
 * What fraction of the multiply-add peak a register tile can reach on any current x86 core: a small
 * model of what bounds it.
 *
 * <ul>
 *   <li>Latency: each accumulator is one chain. A core that starts two multiply-adds a cycle and
 *       takes five cycles for each (Haswell; later cores take four) needs ten chains.
 *   <li>Loads: an inner step loads one broadcast value a pixel and one filter vector a column of
 *       the tile. A load was measured to take the time of 1.3 multiply-adds: one-vector tiles of 14
 *       and 28 pixels reach 0.71 of the peak on Zen 4 and 0.75 to 0.80 on Zen 5.
 * </ul>
 *
 * <p>The model is deliberately the lower of both and the weaker core's: a variant well below it has
 * lost something else, such as registers that spill (a factor of 1.3 to 2.5) or vectors that are
 * boxed (a factor of 15 and more).
 */
final class Expectation {

  private static final double CHAINS_TO_FILL_THE_UNITS = 10;

  private static final double MULTIPLY_ADDS_PER_LOAD = 1.3;

  private Expectation() {}

  /** Expected fraction of the peak for a tile of {@code pixels x vectors} accumulators. */
  static double fraction(int pixels, int vectors) {
    double accumulators = pixels * vectors;
    double latencyBound = accumulators / CHAINS_TO_FILL_THE_UNITS;
    double loadBound = accumulators / (MULTIPLY_ADDS_PER_LOAD * (pixels + vectors));
    return Math.min(1, Math.min(latencyBound, loadBound));
  }
}
