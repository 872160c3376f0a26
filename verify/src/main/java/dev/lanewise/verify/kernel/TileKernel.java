package dev.lanewise.verify.kernel;

import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.winograd.TileSums;
import dev.lanewise.verify.check.Data;
import java.util.List;
import java.util.stream.IntStream;

/** The sums over few tiles, transformed, of Winograd's gradient by filter. */
record TileKernel(int blocks, Operands operands) implements MicroKernel {

  /** As many as are summed so at most; what is read and written is 32 kB. */
  private static final int TILES = 12;

  /** Products of a tile. */
  private static final int PRODUCTS = 36;

  private static final int BLOCK = BatchReduce.BLOCK;

  @SuppressWarnings("ArrayRecordComponent") // operands, never compared
  private record Operands(float[] tiles, float[] out) {}

  static List<TileKernel> all() {
    return IntStream.rangeClosed(1, TileSums.MOST_BLOCKS).mapToObj(TileKernel::of).toList();
  }

  /** Arrays are longer than what is read and written, as {@link TileSums} wants them. */
  private static TileKernel of(int blocks) {
    Operands operands =
        new Operands(
            new Data(1).reals(2 * TILES * PRODUCTS * BLOCK),
            new float[2 * TileSums.ROWS * blocks * TileSums.RESULT]);
    return new TileKernel(blocks, operands);
  }

  @Override
  public String family() {
    return "tile sums";
  }

  @Override
  public String tile() {
    return TileSums.ROWS + "x" + blocks;
  }

  @Override
  public String variant() {
    return "%d tiles, %d blocks".formatted(TILES, blocks);
  }

  @Override
  public double expected() {
    return Expectation.ofTiles(TILES, TileSums.ROWS, blocks);
  }

  @Override
  public long flops() {
    return 2L * TILES * PRODUCTS * TileSums.ROWS * blocks * BLOCK;
  }

  @Override
  public void run(int calls) {
    for (int i = 0; i < calls; i++) {
      TileSums.run(blocks, TILES, operands.tiles, 0, 0, operands.tiles, 0, operands.out, 0);
    }
  }
}
