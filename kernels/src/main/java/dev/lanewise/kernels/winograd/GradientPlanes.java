package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.simd.FilterReduce;

/**
 * How the transformed input and gradient of a chunk of tiles lie: {@code
 * [group][product][block][tile][16]}, each product's plane a cache line longer than its contents.
 *
 * <p>Chunks follow from the shape alone, as the sums over their tiles are added in order.
 */
final class GradientPlanes {

  private static final int BLOCK = Tiling.BLOCK;
  private static final int PAD = 16;

  /** Floats of both planes of a chunk: what a third-level cache holds beside other things. */
  private static final long CHUNK_FLOATS = 5 << 19;

  /** Least tiles of a chunk: fewer would not pay for transforming its sums. */
  private static final int LEAST_TILES = 64;

  final int chunks;
  private final Tiling tiling;

  /** Tiles of a run. */
  final int trip;

  /** Tiles of a plane. */
  private final int tiles;

  GradientPlanes(Tiling tiling) {
    this.tiling = tiling;
    int most = (int) Math.max(LEAST_TILES, CHUNK_FLOATS / tileFloats(tiling));
    int spans = Math.max(1, most / tiling.spanTiles);
    chunks = Math.ceilDiv(tiling.spans, spans);
    int widest = 0;
    for (int chunk = 0; chunk < chunks; chunk++) {
      widest = Math.max(widest, tiles(chunk));
    }
    trip = trip(widest);
    tiles = Math.ceilDiv(widest, trip) * trip;
  }

  /** Floats of one tile's input and gradient. */
  private static long tileFloats(Tiling tiling) {
    return (long) tiling.products * tiling.groups * (tiling.inBlocks + tiling.outBlocks) * BLOCK;
  }

  /** First span of a chunk. */
  int first(int chunk) {
    return Workers.start(tiling.spans, chunk, chunks);
  }

  /** Tiles of a chunk. */
  int tiles(int chunk) {
    return tiling.tiles(first(chunk), first(chunk + 1));
  }

  /** Runs of a chunk. */
  int runs(int chunk) {
    return Math.ceilDiv(tiles(chunk), trip);
  }

  /** Tiles that the last run has too many. */
  int padding(int chunk) {
    return runs(chunk) * trip - tiles(chunk);
  }

  /** Floats from one block to the next. */
  int blockFloats() {
    return tiles * BLOCK;
  }

  /** Floats from one product to the next, of so many blocks. */
  int plane(int blocks) {
    return blocks * blockFloats() + PAD;
  }

  /** Floats of all groups and products, from {@link Workspace#START} on. */
  long floats(int blocks) {
    return Workspace.START
        + (long) tiling.groups * tiling.products * ((long) blocks * tiles * BLOCK + PAD);
  }

  /**
   * How the tiles are summed: in runs of one length, the longest that wastes least. Tiles that the
   * last run has too many are zeros.
   */
  private static int trip(int tiles) {
    int best = 0;
    for (int trip : FilterReduce.productTrips()) {
      if (best == 0 || Math.ceilDiv(tiles, trip) * trip < Math.ceilDiv(tiles, best) * best) {
        best = trip;
      }
    }
    return best;
  }
}
