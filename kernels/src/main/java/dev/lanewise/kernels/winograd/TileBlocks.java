package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.simd.BatchReduce;

/** How many tiles are transformed and multiplied together, by the caches they live in. */
final class TileBlocks {

  /** Half of a second-level cache of 1 MiB, for input and sums; the other half is the filter's. */
  static final long SECOND_LEVEL_FLOATS = (512 << 10) / Float.BYTES;

  /** A filter beyond this comes from memory, not from the third-level cache. */
  static final long THIRD_LEVEL_FLOATS = (24 << 20) / Float.BYTES;

  /** Strips of tiles for which a filter is worth bringing in from the third-level cache. */
  private static final int LEAST_STRIPS = 2;

  /** Strips of tiles for which a filter is worth bringing in from memory. */
  private static final int LEAST_STRIPS_FROM_MEMORY = 4;

  private TileBlocks() {}

  /**
   * Most tiles of a block: as many as the cache holds, but some strips, in whole spans; the same on
   * every lane width, as costs rest on it.
   */
  static int tiles(Tiling tiling) {
    long maxPixels = BatchReduce.COST_PIXELS;
    boolean fromMemory = FilterTransform.floats(tiling) > THIRD_LEVEL_FLOATS;
    long strips =
        Math.max(
            fromMemory ? LEAST_STRIPS_FROM_MEMORY : LEAST_STRIPS,
            SECOND_LEVEL_FLOATS / (tileFloats(tiling) * maxPixels));
    return (int) Math.max(tiling.spanTiles, Math.min(strips * maxPixels, tiling.tiles()));
  }

  /** Floats of a tile's transformed input and sums. */
  static long tileFloats(Tiling tiling) {
    return (long) tiling.products * (tiling.terms + tiling.outBlocks) * Tiling.BLOCK;
  }
}
