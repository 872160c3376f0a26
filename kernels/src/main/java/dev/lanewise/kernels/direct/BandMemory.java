package dev.lanewise.kernels.direct;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;

/**
 * How the rows that a band needs lie in a worker's scratch, with zeros where columns are padding:
 * {@code [input block][kernel plane][row][phase][column][16]}.
 *
 * <p>Rows outside the input have a place but no values: no tap reads them.
 *
 * @param geometry the convolution
 * @param rows input rows of a band, those outside the input included
 */
record BandMemory(Geometry geometry, int rows) {

  /**
   * The memory of bands of {@code outRows} output rows.
   *
   * @throws IllegalArgumentException if it would exceed 2^31 - 1 floats
   */
  static BandMemory of(Geometry geometry, int outRows) {
    int rows = inputRows(geometry, outRows);
    Check.elements(
        "band of rows",
        geometry.inBlocks(),
        geometry.depth().kernel(),
        rows,
        geometry.phases(),
        geometry.phaseColumns(),
        Geometry.BLOCK);
    return new BandMemory(geometry, rows);
  }

  private static int inputRows(Geometry geometry, int outRows) {
    return (outRows - 1) * geometry.height().stride() + geometry.height().extent();
  }

  /** Floats that a band of {@code outRows} output rows takes. */
  static long floats(Geometry geometry, int outRows) {
    return (long) geometry.inBlocks()
        * geometry.depth().kernel()
        * inputRows(geometry, outRows)
        * geometry.phases()
        * geometry.phaseColumns()
        * Geometry.BLOCK;
  }

  int rowStride() {
    return geometry.phases() * geometry.phaseColumns() * Geometry.BLOCK;
  }

  int depthStride() {
    return rows * rowStride();
  }

  int blockStride() {
    return geometry.depth().kernel() * depthStride();
  }

  int floats() {
    return geometry.inBlocks() * blockStride();
  }

  /**
   * Copies the input rows that some output rows of a band need.
   *
   * @param image where the image begins in {@code input}
   * @param fromRow first output row
   * @param endRow one past the last output row
   */
  void load(Band band, int fromRow, int endRow, float[] input, int image, float[] memory) {
    Axis depth = geometry.depth();
    Axis height = geometry.height();
    int origin = height.position(band.firstRow(), 0);
    int from = Math.max(0, height.position(fromRow, 0));
    int end = Math.min(height.input(), height.position(endRow - 1, height.kernel() - 1) + 1);
    int rowFloats = geometry.width().input() * Geometry.BLOCK;
    for (int block = 0; block < geometry.inBlocks(); block++) {
      for (int d = depth.firstTap(band.outDepth()); d < depth.endTap(band.outDepth()); d++) {
        int plane = image + block * geometry.inPlane();
        int rowsBefore = depth.position(band.outDepth(), d) * height.input();
        int to = block * blockStride() + d * depthStride();
        for (int row = from; row < end; row++) {
          copyRow(
              input,
              plane + (rowsBefore + row) * rowFloats,
              memory,
              to + (row - origin) * rowStride());
        }
      }
    }
  }

  private void copyRow(float[] input, int from, float[] memory, int to) {
    int columns = geometry.touchedColumns();
    int before = Math.min(geometry.width().padBefore(), columns);
    int inside = Math.min(geometry.width().input(), columns - before);
    if (geometry.phases() == 1) {
      int start = to + before * Geometry.BLOCK;
      int end = start + inside * Geometry.BLOCK;
      Arrays.fill(memory, to, start, 0);
      System.arraycopy(input, from, memory, start, inside * Geometry.BLOCK);
      Arrays.fill(memory, end, to + columns * Geometry.BLOCK, 0);
      return;
    }
    for (int column = 0; column < columns; column++) {
      int place = to + geometry.phasePlace(column);
      int source = column - before;
      if (source >= 0 && source < inside) {
        System.arraycopy(input, from + source * Geometry.BLOCK, memory, place, Geometry.BLOCK);
      } else {
        Arrays.fill(memory, place, place + Geometry.BLOCK, 0);
      }
    }
  }
}
