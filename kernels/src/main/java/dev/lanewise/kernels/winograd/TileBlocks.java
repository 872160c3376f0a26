package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.simd.BatchReduce;

/** How many tiles are transformed and multiplied together. */
final class TileBlocks {

  /** Half of a second-level cache of 1 MiB, for input and sums; the other half is the filter's. */
  private static final long CACHE_FLOATS = (512 << 10) / Float.BYTES;

  /** Strips of tiles for which a filter is worth bringing in from the third-level cache. */
  private static final int LEAST_STRIPS = 2;

  private TileBlocks() {}

  /** Most tiles of a block: as many as the cache holds, but some strips, in whole spans. */
  static int tiles(Tiling tiling) {
    long tileFloats = (long) tiling.products * (tiling.terms + tiling.outBlocks) * Tiling.BLOCK;
    long strips =
        Math.max(LEAST_STRIPS, CACHE_FLOATS / (tileFloats * BatchReduce.get().maxPixels()));
    long tiles = strips * BatchReduce.get().maxPixels();
    long all = tiling.tiles();
    return (int) Math.max(tiling.spanTiles, Math.min(tiles, all));
  }
}
