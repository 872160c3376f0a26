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
 * <p>Where the sum is over a table of pixels, each begins with two offsets and two additions, the
 * time of four loads. In narrow groups an input vector is loaded, permuted and used for one to
 * three columns: the two of them take the time of two multiply-adds, and what begins a tap that of
 * eight. Each sum over tiles is transformed and stored in the time of four.
 *
 * <p>The model is deliberately the lower of both and the weaker core's: a variant well below it has
 * lost something else, such as registers that spill (a factor of 1.3 to 2.5) or vectors that are
 * boxed (a factor of 15 and more).
 */
final class Expectation {

  private static final double CHAINS_TO_FILL_THE_UNITS = 10;

  private static final double MULTIPLY_ADDS_PER_LOAD = 1.3;

  private static final double LOADS_PER_PIXEL = 4;

  private static final double MULTIPLY_ADDS_PER_PERMUTATION = 2;

  private static final double MULTIPLY_ADDS_PER_TAP = 8;

  private static final double MULTIPLY_ADDS_PER_TRANSFORM = 4;

  private Expectation() {}

  /** Expected fraction of the peak for a tile of {@code pixels x vectors} accumulators. */
  static double fraction(int pixels, int vectors) {
    double accumulators = pixels * vectors;
    double latencyBound = accumulators / CHAINS_TO_FILL_THE_UNITS;
    double loadBound = accumulators / (MULTIPLY_ADDS_PER_LOAD * (pixels + vectors));
    return Math.min(1, Math.min(latencyBound, loadBound));
  }

  /** The same for sums over a table of pixels. */
  static double ofTable(int rows, int vectors) {
    double loads = rows + vectors + LOADS_PER_PIXEL;
    double loadBound = rows * vectors / (MULTIPLY_ADDS_PER_LOAD * loads);
    return Math.min(fraction(rows, vectors), loadBound);
  }

  /** Expected fraction of the peak for strips of narrow groups. */
  static double ofGroups(int pixels, int columns) {
    double products = pixels * columns;
    double permutations = MULTIPLY_ADDS_PER_PERMUTATION * (pixels + columns - 1);
    double loadBound = products / (products + permutations + MULTIPLY_ADDS_PER_TAP);
    return Math.min(pixels / CHAINS_TO_FILL_THE_UNITS, loadBound);
  }

  /** The same for sums over tiles, of which a column is held at a time: chains enough. */
  static double ofTiles(int tiles, int rows, int vectors) {
    double products = rows * vectors;
    double time = tiles * MULTIPLY_ADDS_PER_LOAD * (rows + vectors) / products;
    return tiles / (time + MULTIPLY_ADDS_PER_TRANSFORM);
  }
}
