package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.simd.FilterReduce;

/**
 * How the transformed input and gradient of a chunk of tiles lie: {@code
 * [group][product][block][tile][16]}, each product's plane a cache line longer than its contents.
 *
 * <p>Where channels are few, a chunk is as large as a worker's second-level cache holds and of one
 * channel group; else it is all groups' and as large as the third-level cache, which all workers
 * fill together. Chunks and parts follow from the shape alone, as sums over their tiles are added
 * in order.
 */
final class GradientPlanes {

  private static final int BLOCK = Tiling.BLOCK;
  private static final int PAD = 16;

  /** Floats of both planes of a chunk: what a third-level cache holds beside other things. */
  private static final long COMMON_FLOATS = 5 << 19;

  /** Least tiles of a chunk: fewer would not pay for transforming its sums. */
  private static final int LEAST_TILES = 64;

  /**
   * Floats of both planes of all tiles that come and go through the third-level cache for nothing:
   * with fewer, chunks of a worker's own were no faster.
   */
  private static final long MANY_FLOATS = COMMON_FLOATS / 2;

  /** Floats of both planes of a worker's own chunk: half of a second-level cache of 1 MiB. */
  private static final long OWN_FLOATS = 1 << 17;

  /**
   * Least tiles of a worker's own chunk, up to 32 channels of F(4x4, 3x3): fewer would not pay for
   * loading and storing its sums.
   */
  private static final int LEAST_OWN_TILES = 48;

  /** Sums that are made side by side: most workers of a channel group with something to do. */
  private static final int PARTS = 8;

  final int chunks;

  /** Runs of chunks over which a sum goes on, one where each chunk is common to all workers. */
  final int parts;

  /** Whether a chunk is transformed and summed by one worker. */
  final boolean own;

  private final Tiling tiling;

  /** Channel groups of a chunk. */
  private final int groups;

  /** Tiles of a run. */
  final int trip;

  /** Tiles of a plane. */
  private final int tiles;

  GradientPlanes(Tiling tiling) {
    this.tiling = tiling;
    long ownTiles = OWN_FLOATS / tileFloats(tiling);
    own = ownTiles >= LEAST_OWN_TILES && tiling.tiles() * tileFloats(tiling) > MANY_FLOATS;
    groups = own ? 1 : tiling.groups;
    long most =
        own ? ownTiles : Math.max(LEAST_TILES, COMMON_FLOATS / (groups * tileFloats(tiling)));
    int spans = Math.clamp(most / tiling.spanTiles, 1, tiling.spans);
    chunks = Math.ceilDiv(tiling.spans, spans);
    parts = own ? Math.min(PARTS, chunks) : 1;
    int widest = 0;
    for (int chunk = 0; chunk < chunks; chunk++) {
      widest = Math.max(widest, tiles(chunk));
    }
    trip = trip(widest);
    tiles = Math.ceilDiv(widest, trip) * trip;
  }

  /** Floats of one tile's input and gradient in a channel group. */
  private static long tileFloats(Tiling tiling) {
    return (long) tiling.products * (tiling.inBlocks + tiling.outBlocks) * BLOCK;
  }

  /** First span of a chunk. */
  int first(int chunk) {
    return Workers.start(tiling.spans, chunk, chunks);
  }

  /** First chunk of a part. */
  int firstChunk(int part) {
    return Workers.start(chunks, part, parts);
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

  /** Where the first block of input channels lies. */
  int input() {
    return Workspace.START;
  }

  /** Where the first block of output channels lies. */
  int gradient() {
    return Workspace.START + (int) floats(tiling.inBlocks);
  }

  /** Floats of a chunk's input and gradient. */
  long floats() {
    return Workspace.START + floats(tiling.inBlocks) + floats(tiling.outBlocks);
  }

  private long floats(int blocks) {
    return (long) groups * tiling.products * ((long) blocks * tiles * BLOCK + PAD);
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
