package dev.lanewise.kernels.transposed;

import dev.lanewise.kernels.parallel.Workers;
import java.util.ArrayList;
import java.util.List;

/**
 * The output rows of an image cut into pieces, in each of which no phase has more pixels than a
 * strip of the kernel, and the bands that they form.
 */
final class RowPieces {

  /** Half of a second-level cache of 1 MiB: the other half holds the filter. */
  private static final long BAND_FLOATS = (512 << 10) / Float.BYTES;

  final int count;

  /** Pieces of a row. */
  final int perRow;

  final int[] row;
  final int[] column;
  final int[] endColumn;
  final List<RowBand> bands;

  /** The layout of a band's rows in scratch, or null where the input is read in place. */
  final BandMemory memory;

  RowPieces(PhaseGeometry geometry, int maxPixels) {
    AxisPhases width = geometry.width();
    int strides = Math.ceilDiv(width.output(), width.stride());
    perRow = Math.ceilDiv(strides, maxPixels);
    count = geometry.rows() * perRow;
    row = new int[count];
    column = new int[count];
    endColumn = new int[count];
    for (int i = 0; i < count; i++) {
      row[i] = i / perRow;
      column[i] = Workers.start(strides, i % perRow, perRow) * width.stride();
      int end = Workers.start(strides, i % perRow + 1, perRow) * width.stride();
      endColumn[i] = Math.min(width.output(), end);
    }
    int bandRows = bandRows(geometry);
    memory = geometry.needsBand() ? new BandMemory(geometry, bandRows) : null;
    bands = bands(geometry, bandRows, perRow);
  }

  private static int bandRows(PhaseGeometry geometry) {
    int outRows = geometry.height().output();
    long rowFloats =
        (long) geometry.inBlocks() * geometry.depth().mostTaps() * geometry.rowFloats();
    int rows = 1;
    while (rows < outRows && geometry.height().mostInputs(rows + 1) * rowFloats <= BAND_FLOATS) {
      rows++;
    }
    return Math.ceilDiv(outRows, Math.ceilDiv(outRows, rows));
  }

  private static List<RowBand> bands(PhaseGeometry geometry, int bandRows, int perRow) {
    int outRows = geometry.height().output();
    List<RowBand> result = new ArrayList<>();
    for (int plane = 0; plane < geometry.depth().output(); plane++) {
      for (int first = 0; first < outRows; first += bandRows) {
        int end = Math.min(first + bandRows, outRows);
        result.add(
            new RowBand(
                (plane * outRows + first) * perRow,
                (plane * outRows + end) * perRow,
                plane,
                first,
                end));
      }
    }
    return List.copyOf(result);
  }
}
