package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.layout.Slice;

/**
 * Where the transformed input and the products of a block of tiles are in memory.
 *
 * <p>Input and products are {@code [product][block][tile][16]}, each product's plane a cache line
 * longer than its contents: planes a multiple of 4 KiB apart would share their places in the cache.
 * All begins at a cache line if the array does ({@link Slice#allocate}), which spares a tenth of
 * the time at 16 channels, where transforms are most of the work.
 *
 * @param tiles most tiles of a block
 * @param products products of a tile
 * @param terms blocks of 16 terms of a product
 * @param outBlocks blocks of output channels of a group
 */
record Workspace(int tiles, int products, int terms, int outBlocks) {

  private static final int BLOCK = Tiling.BLOCK;
  private static final int PAD = 16;

  /** Where the first line of the array begins. */
  static final int START = Slice.TO_LINE;

  /** Floats from one block of 16 channels to the next. */
  int blockFloats() {
    return tiles * BLOCK;
  }

  /** Floats from one product's input to the next one's. */
  int inputPlane() {
    return terms * blockFloats() + PAD;
  }

  /** Floats from one product's sums to the next one's. */
  int sumPlane() {
    return outBlocks * blockFloats() + PAD;
  }

  /** Where the first product's input of a term begins. */
  int input(int term) {
    return START + term * blockFloats();
  }

  /** Where the first product's sums of a block of output channels begin. */
  int sums(int block) {
    return START + products * inputPlane() + block * blockFloats();
  }

  /** Floats of input and sums, whole lines. */
  int floats() {
    return products * (inputPlane() + sumPlane()) + PAD;
  }

  /** What {@link #floats} is, where it may exceed an int. */
  static long floats(long tiles, int products, int terms, int outBlocks) {
    return products * ((terms + outBlocks) * tiles * BLOCK + 2L * PAD) + PAD;
  }

  /** Where the tile that reaches outside lies, from the beginning of the other one. */
  int patch() {
    return products * BLOCK;
  }
}
