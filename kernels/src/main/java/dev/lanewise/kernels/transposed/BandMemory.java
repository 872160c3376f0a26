package dev.lanewise.kernels.transposed;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.transposed.AxisPhases.Reach;
import java.util.Arrays;

/**
 * How the input rows of a band lie in a worker's scratch, with zeros before and after each: {@code
 * [input block][tap plane][row][column][16]}.
 */
final class BandMemory {

  private final PhaseGeometry geometry;

  /** Input rows of a band, at most. */
  private final int rows;

  /** What each output plane and each output row of a plane looks at. */
  private final Reach[] planeReach;

  private final Reach[] rowReach;

  /**
   * The memory of bands of some output rows.
   *
   * @throws IllegalArgumentException if it would exceed 2^31 - 1 floats
   */
  BandMemory(PhaseGeometry geometry, int outRows) {
    this.geometry = geometry;
    rows = geometry.height().mostInputs(outRows);
    Check.elements(
        "band of rows",
        geometry.inBlocks(),
        geometry.depth().mostTaps(),
        rows,
        geometry.columnsBefore() + geometry.width().input() + geometry.columnsAfter(),
        PhaseGeometry.BLOCK);
    planeReach = geometry.depth().reaches();
    rowReach = geometry.height().reaches();
  }

  int rowStride() {
    int columns = geometry.columnsBefore() + geometry.width().input() + geometry.columnsAfter();
    return columns * PhaseGeometry.BLOCK;
  }

  int planeStride() {
    return rows * rowStride();
  }

  int blockStride() {
    return geometry.depth().mostTaps() * planeStride();
  }

  int floats() {
    return geometry.inBlocks() * blockStride();
  }

  /** First input row that neighbouring output rows look at; the input size if they see none. */
  int firstInput(int fromRow, int endRow) {
    int first = geometry.height().input();
    for (int row = fromRow; row < endRow; row++) {
      Reach reach = rowReach[row];
      if (reach.taps() > 0) {
        first = Math.min(first, reach.input() - (reach.taps() - 1) * geometry.height().inputStep());
      }
    }
    return first;
  }

  private int endInput(int fromRow, int endRow) {
    int end = 0;
    for (int row = fromRow; row < endRow; row++) {
      end = Math.max(end, rowReach[row].taps() > 0 ? rowReach[row].input() + 1 : 0);
    }
    return end;
  }

  /** Copies the input rows that output rows {@code fromRow} to {@code endRow} of a band look at. */
  void load(RowBand band, int fromRow, int endRow, float[] input, int image, float[] memory) {
    int origin = firstInput(band.firstRow(), band.endRow());
    int from = firstInput(fromRow, endRow);
    int end = endInput(fromRow, endRow);
    Reach planes = planeReach[band.plane()];
    for (int block = 0; block < geometry.inBlocks(); block++) {
      for (int j = 0; j < planes.taps(); j++) {
        int plane = planes.input() - j * geometry.depth().inputStep();
        int source = image + block * geometry.inPlane() + plane * geometry.planeFloats();
        int target = block * blockStride() + j * planeStride();
        for (int row = from; row < end; row++) {
          copyRow(
              input,
              source + row * geometry.rowFloats(),
              memory,
              target + (row - origin) * rowStride());
        }
      }
    }
  }

  private void copyRow(float[] input, int from, float[] memory, int to) {
    int start = to + geometry.columnsBefore() * PhaseGeometry.BLOCK;
    int end = start + geometry.rowFloats();
    Arrays.fill(memory, to, start, 0);
    System.arraycopy(input, from, memory, start, geometry.rowFloats());
    Arrays.fill(memory, end, end + geometry.columnsAfter() * PhaseGeometry.BLOCK, 0);
  }
}
