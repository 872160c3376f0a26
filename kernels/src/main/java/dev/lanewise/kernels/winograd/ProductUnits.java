package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.parallel.Shares;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.simd.BatchReduce;
import java.util.Arrays;

/**
 * The units in which the products of all tiles are shared out, each a strip of the tiles that take
 * part in a product, times a pair of output blocks; ordered (channel group, product, pair, strip).
 */
final class ProductUnits {

  private final Tiling tiling;
  private final WinogradCost costs;

  /** Units of a channel group before each product. */
  private final int[] before;

  private final Shares shares;

  ProductUnits(Tiling tiling, WinogradCost costs) {
    this.tiling = tiling;
    this.costs = costs;
    int pairs = tiling.pairs();
    before = new int[tiling.products + 1];
    int[] units = new int[tiling.products * pairs];
    double[] work = new double[units.length];
    for (int product = 0; product < tiling.products; product++) {
      int strips = strips(product);
      before[product + 1] = before[product] + pairs * strips;
      for (int pair = 0; pair < pairs; pair++) {
        units[product * pairs + pair] = strips;
        work[product * pairs + pair] =
            costs.product(tiling.pairBlocks(pair), tiles(product)) / Math.max(1, strips);
      }
    }
    shares = new Shares(tiling.groups, units, work);
  }

  /** Where a worker's share begins. */
  long start(int worker, int workers) {
    return shares.start(worker, workers);
  }

  /** The channel group of a unit. */
  int group(long unit) {
    return (int) (unit / shares.repeatUnits());
  }

  /** The product of a unit. */
  int product(long unit) {
    int within = within(unit);
    int found = Arrays.binarySearch(before, within);
    int product = found >= 0 ? found : -found - 2;
    // A product without tiles has no units, and begins where the next does.
    while (before[product + 1] == within) {
      product++;
    }
    return product;
  }

  /** The pair of a unit. */
  int pair(long unit) {
    int product = product(unit);
    return (within(unit) - before[product]) / strips(product);
  }

  /** Where those units end, from {@code unit} on, that are of its product and pair. */
  long together(long unit, long end) {
    int strips = strips(product(unit));
    return Math.min(end, unit - strip(unit) + strips);
  }

  /** The first tile of a unit. */
  int firstTile(long unit) {
    return tile(product(unit), strip(unit));
  }

  /** One past the last tile of a unit. */
  int endTile(long unit) {
    return tile(product(unit), strip(unit) + 1);
  }

  private int within(long unit) {
    return (int) (unit % shares.repeatUnits());
  }

  private int strip(long unit) {
    int product = product(unit);
    return (within(unit) - before[product]) % strips(product);
  }

  private int tile(int product, int strip) {
    int first = tiling.order.firstTile(tiling.order.kind(product), 0, tiling.spans);
    return first + Workers.start(tiles(product), strip, strips(product));
  }

  private int strips(int product) {
    return Math.ceilDiv(tiles(product), BatchReduce.COST_PIXELS);
  }

  private int tiles(int product) {
    return tiling.order.tiles(tiling.order.kind(product), 0, tiling.spans);
  }

  /** Estimated work of a worker's share. */
  double cost(int worker, int workers) {
    long end = start(worker + 1, workers);
    double cost = 0;
    for (long unit = start(worker, workers), next; unit < end; unit = next) {
      next = together(unit, end);
      int tiles = endTile(next - 1) - firstTile(unit);
      cost += costs.product(tiling.pairBlocks(pair(unit)), tiles);
    }
    return cost;
  }
}
