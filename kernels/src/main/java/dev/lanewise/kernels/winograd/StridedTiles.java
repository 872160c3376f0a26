package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.BatchReduce;

/**
 * The tiles of {@link StridedWinograd}, of two by two outputs, and where their parts lie in memory.
 *
 * <p>The transformed input is {@code [product][part][input block][tile][16]}: the parts of one
 * product lie together, so that its terms are equally far apart.
 */
final class StridedTiles {

  private static final int BLOCK = Layout.BLOCK;

  /** Outputs of a tile along an axis. */
  static final int OUTPUTS = 2;

  /** Elements of a window along an axis, and parts into which it is transformed. */
  static final int PARTS = 5;

  /** Products along an axis. */
  static final int PRODUCTS = 3;

  /** Products of a tile. */
  static final int ALL_PRODUCTS = PRODUCTS * PRODUCTS;

  /** Parts of a tile. */
  static final int ALL_PARTS = PARTS * PARTS;

  /** Where the parts of a product begin along an axis: two, one and two. */
  private static final int[] FIRST_PART = {0, 2, 3, 5};

  final int images;
  final Axis height;
  final Axis width;
  final int rows;
  final int columns;
  final int inBlocks;
  final int outBlocks;
  final int pairs;

  /** Most tiles that are transformed together. */
  final int blockTiles;

  StridedTiles(ConvShape shape) {
    images = shape.batch();
    height = shape.axes().getFirst();
    width = shape.axes().getLast();
    rows = Math.ceilDiv(height.output(), OUTPUTS);
    columns = Math.ceilDiv(width.output(), OUTPUTS);
    inBlocks = Layout.blocks(shape.inChannels());
    outBlocks = Layout.blocks(shape.outChannels());
    pairs = Math.ceilDiv(outBlocks, 2);
    int strip = BatchReduce.COST_PIXELS;
    long strips = TileBlocks.SECOND_LEVEL_FLOATS / ((long) ALL_PARTS * inBlocks * BLOCK * strip);
    int least = filterFloats() > TileBlocks.THIRD_LEVEL_FLOATS ? 4 : 2;
    blockTiles = (int) Math.min(Math.max(least, strips) * strip, Math.max(1, imageTiles()));
  }

  int imageTiles() {
    return rows * columns;
  }

  /** Blocks of 16 output channels of a pair. */
  int pairBlocks(int pair) {
    return Math.min(2, outBlocks - 2 * pair);
  }

  /** Floats of the transformed filter. */
  long filterFloats() {
    return (long) ALL_PARTS * inBlocks * BLOCK * outBlocks * BLOCK;
  }

  /** Where the transformed filter of a pair begins. */
  int filterPair(int pair) {
    return pair * 2 * BLOCK * ALL_PARTS * inBlocks * BLOCK;
  }

  /** Parts of a product of one axis. */
  private static int size(int product) {
    return FIRST_PART[product + 1] - FIRST_PART[product];
  }

  /** Parts of the products before one. */
  static int firstPart(int product) {
    int row = product / PRODUCTS;
    int column = product % PRODUCTS;
    return PARTS * FIRST_PART[row] + size(row) * FIRST_PART[column];
  }

  /** Parts of a product: one, two or four. */
  static int parts(int product) {
    return size(product / PRODUCTS) * size(product % PRODUCTS);
  }

  /** The place of a part among all, those of a product one after the other. */
  static int place(int rowPart, int columnPart) {
    int row = product(rowPart);
    int column = product(columnPart);
    return firstPart(row * PRODUCTS + column)
        + (rowPart - FIRST_PART[row]) * size(column)
        + columnPart
        - FIRST_PART[column];
  }

  /** The product of an axis to which a part belongs. */
  private static int product(int part) {
    return part < 2 ? 0 : part == 2 ? 1 : 2;
  }

  /** Floats from a part to the next of its product. */
  int partFloats() {
    return inBlocks * blockTiles * BLOCK;
  }

  /**
   * Where a part begins, from the workspace's first line on. Products lie a line further apart than
   * their contents, which would share their places in the cache.
   */
  int part(int place, int product) {
    return place * partFloats() + product * BLOCK;
  }

  /** Where a part of both axes begins. */
  int part(int rowPart, int columnPart, int block) {
    int product = product(rowPart) * PRODUCTS + product(columnPart);
    return part(place(rowPart, columnPart), product) + block * blockTiles * BLOCK;
  }

  /** Floats from a product's sums to the next one's. */
  int sumPlane() {
    return 2 * blockTiles * BLOCK + BLOCK;
  }

  /** Where the sums of a pair of output blocks begin. */
  int sums() {
    return part(ALL_PARTS, ALL_PRODUCTS);
  }

  /** Where a tile that reaches outside is put together. */
  int patch() {
    return sums() + ALL_PRODUCTS * sumPlane();
  }

  /** Floats of all that. */
  long floats() {
    return (long) ALL_PARTS * partFloats()
        + (long) ALL_PRODUCTS * (BLOCK + sumPlane())
        + ALL_PARTS * BLOCK;
  }
}
