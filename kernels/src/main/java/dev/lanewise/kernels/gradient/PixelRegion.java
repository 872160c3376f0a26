package dev.lanewise.kernels.gradient;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.simd.PixelTable;
import java.util.Arrays;

/**
 * Output pixels that are summed at a time because what they see stays in the caches: some rows of
 * an image, a part of a row, or several small images.
 *
 * <p>Rows are counted through the planes of an image. For each row of the kernel there is a table
 * of the pixels for which it lies inside the input.
 */
final class PixelRegion {

  /**
   * Which pixels.
   *
   * @param images how many images, each with these rows
   * @param firstRow first output row
   * @param endRow one past the last
   * @param column first column of each
   * @param endColumn one past the last
   */
  record Extent(int images, int firstRow, int endRow, int column, int endColumn) {}

  private final FilterGeometry geometry;
  private final Extent extent;

  /** The first input row that is looked at, and one past the last. */
  final int firstInput;

  final int endInput;

  /** {@code [kernel row]}. */
  final PixelTable[] pixels;

  PixelRegion(FilterGeometry geometry, Extent extent) {
    this.geometry = geometry;
    this.extent = extent;
    pixels = new PixelTable[geometry.depth().kernel() * geometry.height().kernel()];
    int first = Integer.MAX_VALUE;
    int end = 0;
    for (int row = extent.firstRow; row < extent.endRow; row++) {
      for (int tap = 0; tap < pixels.length; tap++) {
        int seen = inputRow(row, tap);
        if (seen >= 0) {
          first = Math.min(first, seen);
          end = Math.max(end, seen + 1);
        }
      }
    }
    firstInput = Math.min(first, end);
    endInput = end;
  }

  /** Pixels, if they lie side by side in input and output; else 0. */
  int neighbours() {
    boolean one = extent.images == 1 && geometry.inPlane() == geometry.inRow() && endInput == 1;
    return one && geometry.outPlane() == geometry.width().output() * geometry.inPixel()
        ? extent.endColumn - extent.column
        : 0;
  }

  /** First column of a row. */
  int column() {
    return extent.column;
  }

  /** Input row, counted through planes, that an output row sees through a kernel row, or -1. */
  private int inputRow(int row, int tap) {
    Axis depth = geometry.depth();
    Axis height = geometry.height();
    int d = depth.position(row / height.output(), tap / height.kernel());
    int h = height.position(row % height.output(), tap % height.kernel());
    boolean inside = d >= 0 && d < depth.input() && h >= 0 && h < height.input();
    return inside ? d * height.input() + h : -1;
  }

  /** Makes the tables, for copied rows or, if {@code memory} is null, for the input itself. */
  PixelRegion withTables(FilterBand memory) {
    for (int tap = 0; tap < pixels.length; tap++) {
      pixels[tap] = table(memory, tap);
    }
    return this;
  }

  private PixelTable table(FilterBand memory, int tap) {
    int columns = extent.endColumn - extent.column;
    int[] input = new int[extent.images * (extent.endRow - extent.firstRow) * columns];
    int[] gradient = new int[input.length];
    int count = 0;
    for (int image = 0; image < extent.images; image++) {
      for (int row = extent.firstRow; row < extent.endRow; row++) {
        int seen = inputRow(row, tap);
        int in =
            memory == null
                ? image * geometry.inImage() + seen * geometry.inRow()
                : image * memory.imageStride() + (seen - firstInput) * geometry.bandRow();
        int out =
            image * geometry.outImage() + row * geometry.width().output() * FilterGeometry.BLOCK;
        for (int column = extent.column; column < extent.endColumn && seen >= 0; column++) {
          input[count] = in + column * geometry.inPixel();
          gradient[count++] = out + column * FilterGeometry.BLOCK;
        }
      }
    }
    return new PixelTable(Arrays.copyOf(input, count), Arrays.copyOf(gradient, count));
  }
}
