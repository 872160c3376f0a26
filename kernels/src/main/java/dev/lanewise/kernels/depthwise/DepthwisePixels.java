package dev.lanewise.kernels.depthwise;

import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;

/**
 * Neighbouring output pixels of one channel block of a depthwise convolution, written wherever the
 * caller wants them: the first half of a fused operation.
 *
 * <p>Pixels are counted through rows and planes. Rows are computed in whole tiles of columns, so a
 * run of pixels may begin a little earlier and end a little later than was asked for, but always in
 * the same rows.
 */
public final class DepthwisePixels {

  private final Geometry geometry;
  private final DepthwiseRows rows;

  /** First column of each tile, and the width. */
  private final int[] columns;

  DepthwisePixels(Geometry geometry, DepthwiseRows rows) {
    this.geometry = geometry;
    this.rows = rows;
    columns = new int[rows.tiles() + 1];
    Arrays.setAll(columns, rows::firstColumn);
  }

  /** Pixels of a row. */
  public int width() {
    return geometry.width().output();
  }

  /** Rows of a channel, through all its planes. */
  public int rows() {
    return geometry.rows();
  }

  /** Columns of the widest tile. */
  public int widestTile() {
    return rows.widestTile();
  }

  /** Where the computed pixels begin if {@code pixel} is the first that is wanted. */
  public int begin(int pixel) {
    int column = pixel % width();
    return pixel - column + columns[tile(column)];
  }

  /** Where the computed pixels end if {@code end} is one past the last that is wanted. */
  public int end(int end) {
    int column = (end - 1) % width();
    return end - 1 - column + columns[tile(column) + 1];
  }

  /** The tile in which a column lies. */
  private int tile(int column) {
    int found = Arrays.binarySearch(columns, column);
    return found >= 0 ? found : -found - 2;
  }

  /**
   * Floats of scratch that {@link #run} needs for pixels of so many rows.
   *
   * @throws IllegalArgumentException if they exceed 2^31 - 1
   */
  public int expandedFloats(int outRows) {
    if (geometry.multiplier() == 1) {
      return 0;
    }
    int height = geometry.height().input();
    long before = (geometry.depth().extent() - 1L) * height;
    long apart = (Math.min(outRows, geometry.height().output()) - 1L) * geometry.height().stride();
    long all = (long) geometry.depth().input() * height;
    long most = Math.min(all, before + apart + geometry.height().extent());
    return Check.elements("expanded rows", (int) most, geometry.width().input(), Geometry.BLOCK);
  }

  /**
   * Computes pixels of a block, from {@code begin(pixel)} to {@code end(end)}.
   *
   * @param block the block of output channels
   * @param in the array of the input, in which the image begins at {@code inImage}
   * @param expanded scratch, of which the first {@link #expandedFloats} are used
   * @param filter as {@link DepthwiseConvolution#pack} laid it out
   * @param bias the bias, in which that of the block begins at {@code biasBase}
   * @param out where the pixels go, the first of them at {@code outBase}
   */
  public void run(
      int block,
      int pixel,
      int end,
      float[] in,
      int inImage,
      float[] expanded,
      float[] filter,
      float[] bias,
      int biasBase,
      float[] out,
      int outBase) {
    int inBlock = inImage + geometry.inBlock(block) * geometry.inPlane();
    int width = width();
    int origin = outBase - begin(pixel) * Geometry.BLOCK;
    for (int first = pixel, next; first < end; first = next) {
      next = together(first, end);
      int row = first / width;
      rows.run(
          block,
          row,
          (next - 1) / width + 1,
          tile(first % width),
          tile((next - 1) % width) + 1,
          in,
          inBlock,
          expanded,
          filter,
          bias,
          biasBase,
          out,
          origin + row * geometry.outRow());
    }
  }

  /** Where pixels end that are the same columns of rows of one plane: part of a row, or rows. */
  private int together(int first, int end) {
    int width = width();
    int row = first / width;
    int rowEnd = (row + 1) * width;
    if (first > row * width || rowEnd >= end) {
      return Math.min(end, rowEnd);
    }
    int planeRows = geometry.height().output();
    return Math.min(end / width, (row / planeRows + 1) * planeRows) * width;
  }

  /** Estimated work of such pixels, in vector multiply-adds of 16 lanes. */
  public double cost(int pixel, int end) {
    int width = width();
    double cost = 0;
    for (int first = pixel, next; first < end; first = next) {
      next = together(first, end);
      int firstTile = tile(first % width);
      int endTile = tile((next - 1) % width) + 1;
      cost += rows.cost(first / width, (next - 1) / width + 1, firstTile, endTile);
    }
    return cost;
  }
}
