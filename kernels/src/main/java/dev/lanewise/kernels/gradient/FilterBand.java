package dev.lanewise.kernels.gradient;

import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;

/**
 * How the input rows of a region lie in a worker's scratch where they cannot be read in place:
 * {@code [image][block of a panel][row][phase][column][16]}, with zeros where columns are padding.
 *
 * @param geometry the convolution
 * @param blocks most input blocks of a panel
 * @param images most images of a region
 * @param rows most input rows of one
 */
record FilterBand(FilterGeometry geometry, int blocks, int images, int rows) {

  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if it would exceed 2^31 - 1 floats
   */
  FilterBand {
    Check.elements("band of rows", images, blocks, rows, geometry.bandRow());
  }

  int blockStride() {
    return rows * geometry.bandRow();
  }

  int imageStride() {
    return blocks * blockStride();
  }

  int floats() {
    return images * imageStride();
  }

  /** Copies what the blocks of a panel hold in the rows that a region looks at. */
  void load(
      PixelRegion region,
      int firstImage,
      int endImage,
      int firstBlock,
      int endBlock,
      float[] input,
      int from,
      float[] memory) {
    for (int image = firstImage; image < endImage; image++) {
      for (int block = firstBlock; block < endBlock; block++) {
        int plane = from + (image * geometry.inBlocks() + block) * geometry.inPlane();
        int to = (image - firstImage) * imageStride() + (block - firstBlock) * blockStride();
        for (int row = region.firstInput; row < region.endInput; row++) {
          copyRow(
              input,
              plane + row * geometry.inRow(),
              memory,
              to + (row - region.firstInput) * geometry.bandRow());
        }
      }
    }
  }

  private void copyRow(float[] input, int from, float[] memory, int to) {
    int block = FilterGeometry.BLOCK;
    int columns = geometry.touchedColumns();
    int before = Math.min(geometry.width().padBefore(), columns);
    int inside = Math.min(geometry.width().input(), columns - before);
    if (geometry.phases() == 1) {
      int start = to + before * block;
      int end = start + inside * block;
      Arrays.fill(memory, to, start, 0);
      System.arraycopy(input, from, memory, start, inside * block);
      Arrays.fill(memory, end, to + columns * block, 0);
      return;
    }
    for (int column = 0; column < columns; column++) {
      int place = to + geometry.place(column);
      int source = column - before;
      if (source >= 0 && source < inside) {
        System.arraycopy(input, from + source * block, memory, place, block);
      } else {
        Arrays.fill(memory, place, place + block, 0);
      }
    }
  }
}
