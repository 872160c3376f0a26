package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.List;

/**
 * A convolution shape cut into tiles, in the order (image, output plane, row of tiles, span of
 * columns).
 *
 * <p>Depth is not transformed: its taps are further terms of the reduction.
 */
final class Tiling {

  static final int BLOCK = Layout.BLOCK;

  private static final Axis NONE = Axis.of(1, 1);

  final ConvShape shape;
  final int groups;
  final Axis depth;
  final int outDepth;
  final TileAxis height;
  final TileAxis width;

  /** How tiles lie in memory. */
  final TileOrder order;

  /** Products of a tile: the elements of its window. */
  final int products;

  /** Spans of the whole batch, the unit in which work is shared out. */
  final int spans;

  /** Most tiles of a span: the column phases. */
  final int spanTiles;

  /** Blocks of input channels of a channel group. */
  final int inBlocks;

  /** Blocks of output channels of a channel group. */
  final int outBlocks;

  /** Blocks of 16 terms that a product sums: depth taps and input blocks. */
  final int terms;

  /** Tiles of {@code outputs} by {@code outputs}. */
  Tiling(ConvShape shape, int outputs) {
    this(shape, outputs, outputs, false);
  }

  /**
   * Tiles of which the last along each axis are fitted ({@link TileAxis}).
   *
   * @param rows rows of outputs of a tile
   * @param columns columns
   */
  static Tiling fitted(ConvShape shape, int rows, int columns) {
    return new Tiling(shape, rows, columns, true);
  }

  private Tiling(ConvShape shape, int rows, int columns, boolean fitted) {
    this.shape = shape;
    List<Axis> axes = shape.axes();
    int n = axes.size();
    groups = shape.groups();
    depth = n < 3 ? NONE : axes.get(n - 3);
    outDepth = depth.output();
    height = new TileAxis(n < 2 ? NONE : axes.get(n - 2), rows, fitted);
    width = new TileAxis(axes.get(n - 1), columns, fitted);
    order = new TileOrder(height, width);
    products = height.transform.products() * width.transform.products();
    spans = shape.batch() * outDepth * height.tiles * width.spans;
    spanTiles = width.step;
    inBlocks = Layout.blocks(shape.inChannels() / groups);
    outBlocks = Layout.blocks(shape.outChannels() / groups);
    terms = depth.kernel() * inBlocks;
  }

  /**
   * Floats between the columns of a window, as the first of two passes reads them; 0 where only one
   * axis is transformed.
   */
  int columnFloats() {
    boolean both = !height.transform.isTrivial() && !width.transform.isTrivial();
    return both ? width.step * BLOCK : 0;
  }

  /** Pairs of output blocks of a channel group; a single last block counts as one. */
  int pairs() {
    return Math.ceilDiv(outBlocks, 2);
  }

  /** Blocks of a pair: one where the last is single. */
  int pairBlocks(int pair) {
    return Math.min(2, outBlocks - 2 * pair);
  }

  /** Tiles of the whole batch. */
  int tiles() {
    return tiles(0, spans);
  }

  /** Tiles of the spans {@code from} to {@code to}. */
  int tiles(int from, int to) {
    return to / width.spans * width.tiles
        + to % width.spans * spanTiles
        - from / width.spans * width.tiles
        - from % width.spans * spanTiles;
  }
}
