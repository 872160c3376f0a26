package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.Taps;

/** The sums of products over the input channels, on the batch-reduce kernel. */
final class Products {

  private static final int BLOCK = Tiling.BLOCK;

  /** Starting values of the sums. */
  private static final float[] ZEROS = new float[2 * BLOCK];

  private final BatchReduce kernel = BatchReduce.get();
  private final Tiling tiling;
  private final Workspace space;
  private final int filterPlane;

  /** Terms for one and for two blocks of output channels. */
  private final Taps[] taps;

  Products(Tiling tiling, Workspace space) {
    this.tiling = tiling;
    this.space = space;
    filterPlane = (int) FilterTransform.productFloats(tiling);
    taps = new Taps[] {taps(1), taps(2)};
  }

  private Taps taps(int blocks) {
    int[] input = new int[tiling.terms];
    int[] filter = new int[tiling.terms];
    for (int term = 0; term < input.length; term++) {
      input[term] = space.input(term);
      filter[term] = term * BLOCK * blocks * BLOCK;
    }
    return new Taps(input, filter);
  }

  /**
   * Sums one product of some tiles for some pairs of output blocks.
   *
   * @param group channel group
   * @param first first tile, counted from the one that lies at {@code base}
   * @param end one past the last
   */
  void run(
      ConvCall call,
      int group,
      int product,
      int firstPair,
      int endPair,
      int first,
      int end,
      float[] workspace,
      int base) {
    int input = base + product * space.inputPlane() + first * BLOCK;
    int sums = base + product * space.sumPlane() + first * BLOCK;
    int filter = (group * tiling.products + product) * filterPlane;
    int fullPairs = Math.min(endPair, tiling.outBlocks / 2);
    if (firstPair < fullPairs) {
      kernel.pairs(
          fullPairs - firstPair,
          end - first,
          workspace,
          input,
          taps[1],
          call.weights(),
          filter + pairFilter(firstPair),
          ZEROS,
          0,
          workspace,
          sums + space.sums(2 * firstPair),
          space.blockFloats());
    }
    if (fullPairs < endPair) {
      kernel.pixels(
          BLOCK,
          1,
          end - first,
          workspace,
          input,
          taps[0],
          call.weights(),
          filter + pairFilter(fullPairs),
          ZEROS,
          0,
          0,
          0,
          workspace,
          sums + space.sums(2 * fullPairs),
          BLOCK,
          space.blockFloats());
    }
  }

  /** Where the filter of a pair begins, within that of a product. */
  private int pairFilter(int pair) {
    return 2 * pair * BLOCK * BLOCK * tiling.terms;
  }

  /** Compiles what a block of tiles needs, for the pairs of output blocks. */
  void warmUp() {
    for (int kind = 0; kind < TileOrder.KINDS; kind++) {
      int tiles = tiling.order.tiles(kind, 0, tiling.spans);
      if (tiling.order.products(kind) > 0 && tiles > 0) {
        warmUp(Math.min(tiles, space.tiles()));
      }
    }
  }

  private void warmUp(int tiles) {
    int strips = Math.ceilDiv(tiles, kernel.maxPixels());
    for (int pair = Math.max(0, tiling.pairs() - 2); pair < tiling.pairs(); pair++) {
      int blocks = tiling.pairBlocks(pair);
      kernel.warmUp(BLOCK, blocks, tiles / strips, taps[blocks - 1], true);
      kernel.warmUp(BLOCK, blocks, Math.ceilDiv(tiles, strips), taps[blocks - 1], true);
    }
  }
}
