package dev.lanewise.kernels.direct;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Axis;
import java.util.ArrayList;
import java.util.List;

/**
 * The strips of output pixels of one image, balanced within each row (49 pixels are 13 + 12 + 12 +
 * 12, not 14 + 14 + 14 + 7), and the bands that they form.
 *
 * <p>A strip's input place is relative to its image, or to its band's memory where there is one.
 */
final class Strips {

  /** Half of a second-level cache of 1 MiB: the other half holds the filter. */
  private static final long BAND_FLOATS = (512 << 10) / Float.BYTES;

  final int count;
  final int[] in;
  final int[] out;
  final int[] pixels;
  final int[] row;
  final List<Band> bands;

  /** The layout of a band's rows in scratch, or null where the input is read in place. */
  final BandMemory memory;

  Strips(Geometry geometry, int maxPixels) {
    Axis width = geometry.width();
    int perRow = (width.output() + maxPixels - 1) / maxPixels;
    int outRows = geometry.height().output();
    int bandRows = bandRows(geometry);
    memory = geometry.needsBand() ? BandMemory.of(geometry, bandRows) : null;
    count = geometry.depth().output() * outRows * perRow;
    in = new int[count];
    out = new int[count];
    pixels = new int[count];
    row = new int[count];
    for (int i = 0; i < count; i++) {
      row[i] = i / perRow;
      int first = Workers.start(width.output(), i % perRow, perRow);
      pixels[i] = Workers.start(width.output(), i % perRow + 1, perRow) - first;
      out[i] = (row[i] * width.output() + first) * Geometry.BLOCK;
      in[i] = rowInput(geometry, row[i], bandRows) + first * geometry.pixelStride();
    }
    bands = memory == null ? flatBands(geometry, outRows * perRow) : rowBands(geometry, perRow);
  }

  private int rowInput(Geometry geometry, int outRow, int bandRows) {
    Axis height = geometry.height();
    int plane = outRow / height.output();
    int within = outRow % height.output();
    if (memory != null) {
      return within % bandRows * height.stride() * memory.rowStride();
    }
    return (geometry.depth().position(plane, 0) * height.input() + height.position(within, 0))
        * geometry.width().input()
        * Geometry.BLOCK;
  }

  private static int bandRows(Geometry geometry) {
    int outRows = geometry.height().output();
    int rows = 1;
    while (rows < outRows && BandMemory.floats(geometry, rows + 1) <= BAND_FLOATS) {
      rows++;
    }
    int bands = (outRows + rows - 1) / rows;
    return (outRows + bands - 1) / bands;
  }

  /** Bands of whole rows, because they are copied. */
  private List<Band> rowBands(Geometry geometry, int perRow) {
    int outRows = geometry.height().output();
    int bandRows = bandRows(geometry);
    List<Band> result = new ArrayList<>();
    for (int plane = 0; plane < geometry.depth().output(); plane++) {
      for (int first = 0; first < outRows; first += bandRows) {
        int end = Math.min(first + bandRows, outRows);
        int rowsBefore = plane * outRows;
        result.add(
            new Band(
                (rowsBefore + first) * perRow, (rowsBefore + end) * perRow, plane, first, end));
      }
    }
    return List.copyOf(result);
  }

  /** Bands of any run of strips within a plane, because the input is read in place. */
  private List<Band> flatBands(Geometry geometry, int perPlane) {
    long stripFloats =
        (long) geometry.inBlocks()
            * geometry.depth().kernel()
            * pixels[0]
            * geometry.width().stride()
            * geometry.height().stride()
            * Geometry.BLOCK;
    int most = (int) Math.max(1, Math.min(perPlane, BAND_FLOATS / stripFloats));
    int bandCount = (perPlane + most - 1) / most;
    List<Band> result = new ArrayList<>();
    for (int plane = 0; plane < geometry.depth().output(); plane++) {
      for (int i = 0; i < bandCount; i++) {
        int first = plane * perPlane + Workers.start(perPlane, i, bandCount);
        int end = plane * perPlane + Workers.start(perPlane, i + 1, bandCount);
        result.add(
            new Band(
                first,
                end,
                plane,
                row[first] % geometry.height().output(),
                row[end - 1] % geometry.height().output() + 1));
      }
    }
    return List.copyOf(result);
  }
}
