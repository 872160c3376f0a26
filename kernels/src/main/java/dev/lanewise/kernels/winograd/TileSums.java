package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.kernels.simd.WarmUp;

/**
 * The generated sums over tiles of the products of F(4x4, 3x3)'s gradient by filter, for two output
 * channels and some blocks of input channels, on lanes where the machine has them.
 *
 * <p>Operands are {@code [column][tile][row][16]}, as {@link ProductPlaces#columns} lays them out.
 * Each column of products is summed and transformed along the column at once: {@code
 * [row][block][tap][column][16]}. Each sum is a chain over the tiles.
 */
public final class TileSums {

  /** Output channels of a call. */
  public static final int ROWS = 2;

  /** Most blocks of input channels of a call: their sums fill the registers. */
  public static final int MOST_BLOCKS = Lanes.LANES == Tiling.BLOCK ? 2 : 1;

  /** Floats of an output channel's results for a block of input channels: 3 taps, 6 columns. */
  public static final int RESULT = 3 * 6 * Tiling.BLOCK;

  /** Tiles of a call that warms up: enough for C2 to see the loop go on and end. */
  private static final int WARM_TILES = 4;

  /** More than such a call takes once it is compiled, and far less than before. */
  private static final long COMPILED_NANOS = 10_000;

  private TileSums() {}

  /**
   * Sums and transforms along the columns.
   *
   * @param blocks 1 to {@link #MOST_BLOCKS}
   * @param tiles at least one
   * @param inBlock floats from one block of input channels to the next
   * @param gradientBase where the first of two neighbouring output channels lies
   */
  public static void run(
      int blocks,
      int tiles,
      float[] in,
      int inBase,
      int inBlock,
      float[] gradient,
      int gradientBase,
      float[] dst,
      int to) {
    if (!Lanes.vectorised()) {
      ScalarTileSums.sumOne(tiles, 1, in, inBase, inBlock, gradient, gradientBase, dst, to);
    } else if (blocks == 1) {
      VectorTileSums.sumOne(tiles, 1, in, inBase, inBlock, gradient, gradientBase, dst, to);
    } else {
      VectorTileSums.sumTwo(tiles, 1, in, inBase, inBlock, gradient, gradientBase, dst, to);
    }
  }

  /**
   * Calls the sums of so many blocks until they are compiled. Arrays are longer than what is read
   * and written: C2 compares indices with a length ahead of time, and compiles anew, without the
   * profile of vectors, where that fails at an array's end.
   */
  static void warmUp(int blocks) {
    if (Lanes.vectorised()) {
      float[] in = new float[2 * WARM_TILES * 36 * Tiling.BLOCK];
      float[] sums = new float[2 * ROWS * blocks * RESULT];
      WarmUp.drive(() -> run(blocks, WARM_TILES, in, 0, 0, in, 0, sums, 0), COMPILED_NANOS);
    }
  }
}
