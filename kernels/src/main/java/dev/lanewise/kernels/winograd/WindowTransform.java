package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.simd.Blocks;
import java.util.Arrays;

/**
 * Transforms what the tiles see, straight from NCHW16C: windows of the input by {@code B^T d B}, or
 * the gradient of their outputs by {@code A y A^T}.
 *
 * <p>First along each row of a tile, then along the columns of what came out. Rows outside are
 * zeros that are not computed; a tile of which columns are outside is copied first.
 */
final class WindowTransform {

  private static final int BLOCK = Tiling.BLOCK;

  private final Tiling tiling;
  private final TileSide height;
  private final TileSide width;
  private final int rows;
  private final int columns;
  private final int rowFloats;
  private final int planeFloats;
  private final int blockFloats;

  /** What lies between the two passes: {@code [rows][halfColumns][16]}. */
  private final int halfColumns;

  private final boolean bothAxes;

  private final ProductPlaces places;

  /**
   * Prepares one side of the tiles.
   *
   * @param ofGradient whether it is the gradient of the outputs, not the input
   * @param places how the products lie
   */
  WindowTransform(Tiling tiling, boolean ofGradient, ProductPlaces places) {
    this.tiling = tiling;
    this.places = places;
    height = new TileSide(tiling.height, ofGradient);
    width = new TileSide(tiling.width, ofGradient);
    rows = height.elements();
    columns = width.elements();
    halfColumns = tiling.width.transform.products();
    bothAxes = !tiling.height.transform.isTrivial() && !tiling.width.transform.isTrivial();
    rowFloats = width.length() * BLOCK;
    planeFloats = height.length() * rowFloats;
    blockFloats = (ofGradient ? tiling.outDepth : tiling.depth.input()) * planeFloats;
  }

  /**
   * Floats of the scratch that {@link #run} wants, from {@link Workspace#START} on: a tile between
   * its two passes, then one that reaches outside.
   */
  static int scratchFloats(Tiling tiling) {
    return Workspace.START + 2 * tiling.products * BLOCK;
  }

  /**
   * Transforms one block of 16 channels for the spans {@code first} to {@code end}.
   *
   * @param from where the first image begins
   * @param imageStride floats from one image to the next
   * @param block the block among those of an image
   * @param tap the depth tap, 0 for a gradient
   * @param to where the first product's tiles begin, in the {@link TileOrder} of the spans, those
   *     of others beside it
   * @param scratch of {@link #scratchFloats}, overwritten from {@code half} on
   */
  void run(
      float[] src,
      int from,
      int imageStride,
      int block,
      int tap,
      int first,
      int end,
      float[] dst,
      int to,
      float[] scratch,
      int half) {
    for (int span = first, until; span < end; span = until) {
      until = tiling.order.together(span, end);
      int row = span / tiling.width.spans;
      int firstTile = span % tiling.width.spans * tiling.width.step;
      int endTile = firstTile + tiling.tiles(span, until);
      int image = row / tiling.height.tiles / tiling.outDepth;
      int base = from + image * imageStride + block * blockFloats;
      int target = to + tiling.order.place(first, end, span) * places.tile();
      runRow(src, base, tap, row, firstTile, endTile, dst, target, scratch, half);
    }
  }

  /** The same of a convolution's own images, one behind the other and without taps of depth. */
  void run(
      float[] src,
      int from,
      int block,
      int first,
      int end,
      float[] dst,
      int to,
      float[] scratch,
      int half) {
    int blocks = tiling.groups * (height.ofGradient() ? tiling.outBlocks : tiling.inBlocks);
    run(src, from, blocks * blockFloats, block, 0, first, end, dst, to, scratch, half);
  }

  /** Neighbouring tiles of one row of tiles. */
  private void runRow(
      float[] src,
      int block,
      int tap,
      int row,
      int firstTile,
      int endTile,
      float[] dst,
      int target,
      float[] scratch,
      int half) {
    int to = target;
    int outPlane = row / tiling.height.tiles % tiling.outDepth;
    int seen = height.ofGradient() ? outPlane : tiling.depth.position(outPlane, tap);
    if (!height.ofGradient() && (seen < 0 || seen >= tiling.depth.input())) {
      for (int tile = firstTile; tile < endTile; tile++, to += places.tile()) {
        clear(dst, to);
      }
      return;
    }
    int base = block + seen * planeFloats;
    int columnStride = tiling.width.step * BLOCK;
    int rowStride = tiling.height.step * rowFloats;
    int y = height.start(row % tiling.height.tiles);
    int firstRow = height.firstInside(row % tiling.height.tiles);
    int endRow = height.endInside(row % tiling.height.tiles);
    for (int tile = firstTile; tile < endTile; tile++) {
      int x = width.start(tile);
      int from = base + y * rowFloats + x * BLOCK;
      int firstColumn = width.firstInside(tile);
      int endColumn = width.endInside(tile);
      boolean whole = endColumn - firstColumn == columns && (endRow - firstRow == rows || bothAxes);
      if (whole) {
        window(src, from, columnStride, rowStride, firstRow, endRow, dst, to, scratch, half);
      } else {
        int patch = half + tiling.products * BLOCK;
        Arrays.fill(scratch, patch, patch + rows * columns * BLOCK, 0);
        for (int r = firstRow; r < endRow; r++) {
          Blocks.copy(
              src,
              from + r * rowStride + firstColumn * columnStride,
              columnStride,
              scratch,
              patch + (r * columns + firstColumn) * BLOCK,
              BLOCK,
              endColumn - firstColumn);
        }
        window(scratch, patch, BLOCK, columns * BLOCK, firstRow, endRow, dst, to, scratch, half);
      }
      to += places.tile();
    }
  }

  /** A tile that sees nothing but padding. */
  private void clear(float[] dst, int to) {
    for (int row = 0; row < tiling.height.transform.products(); row++) {
      for (int column = 0; column < halfColumns; column++) {
        int place = to + row * places.row() + column * places.column();
        Arrays.fill(dst, place, place + BLOCK, 0);
      }
    }
  }

  private void window(
      float[] src,
      int from,
      int columnStride,
      int rowStride,
      int firstRow,
      int endRow,
      float[] dst,
      int to,
      float[] scratch,
      int half) {
    if (tiling.height.transform.isTrivial()) {
      width.transform(src, from, columnStride, 0, dst, to, places.column(), 0, 1);
    } else if (tiling.width.transform.isTrivial()) {
      height.transform(src, from, rowStride, 0, dst, to, places.row(), 0, 1);
    } else {
      int halfRow = halfColumns * BLOCK;
      if (endRow - firstRow < rows) {
        Arrays.fill(scratch, half, half + firstRow * halfRow, 0);
        Arrays.fill(scratch, half + endRow * halfRow, half + rows * halfRow, 0);
      }
      width.transform(
          src,
          from + firstRow * rowStride,
          columnStride,
          rowStride,
          scratch,
          half + firstRow * halfRow,
          BLOCK,
          halfRow,
          endRow - firstRow);
      height.transform(
          scratch, half, halfRow, BLOCK, dst, to, places.row(), places.column(), halfColumns);
    }
  }
}
