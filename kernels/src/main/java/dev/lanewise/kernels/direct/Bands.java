package dev.lanewise.kernels.direct;

import dev.lanewise.kernels.parallel.Workers;
import java.util.ArrayList;
import java.util.List;

/**
 * The bands of one image's output.
 *
 * @param bands in the order of their pixels
 * @param memory the layout of a band's rows in scratch, or null where the input is read in place
 */
public record Bands(List<Band> bands, BandMemory memory) {

  /** Half of a second-level cache of 1 MiB: the other half holds the filter. */
  private static final long BAND_FLOATS = (512 << 10) / Float.BYTES;

  /** Cuts an image so that a band's input fills half of the second-level cache. */
  public static Bands of(Geometry geometry) {
    if (!geometry.needsBand()) {
      return new Bands(flatBands(geometry), null);
    }
    int bandRows = bandRows(geometry);
    return new Bands(rowBands(geometry, bandRows), new BandMemory(geometry, bandRows));
  }

  /** Where the kernel finds the rows that it reads. */
  public RowPlaces places(Geometry geometry) {
    return memory == null ? new RowPlaces.InImage(geometry) : memory;
  }

  private static int bandRows(Geometry geometry) {
    int outRows = geometry.height().output();
    int rows = 1;
    while (rows < outRows && BandMemory.floats(geometry, rows + 1) <= BAND_FLOATS) {
      rows++;
    }
    int bands = Math.ceilDiv(outRows, rows);
    return Math.ceilDiv(outRows, bands);
  }

  /** Bands of whole rows, because they are copied. */
  private static List<Band> rowBands(Geometry geometry, int bandRows) {
    int outRows = geometry.height().output();
    int width = geometry.width().output();
    List<Band> result = new ArrayList<>();
    for (int plane = 0; plane < geometry.depth().output(); plane++) {
      for (int first = 0; first < outRows; first += bandRows) {
        int end = Math.min(first + bandRows, outRows);
        int pixel = (plane * outRows + first) * width;
        result.add(new Band(plane, first, end, pixel, (end - first) * width));
      }
    }
    return List.copyOf(result);
  }

  /** Bands of any run of pixels within a plane, because the input is read in place. */
  private static List<Band> flatBands(Geometry geometry) {
    int width = geometry.width().output();
    int plane = geometry.height().output() * width;
    long pixelFloats =
        (long) geometry.planes()
            * geometry.depth().kernel()
            * geometry.width().stride()
            * geometry.height().stride()
            * Geometry.BLOCK;
    int most = Math.clamp(BAND_FLOATS / pixelFloats, 1, plane);
    int count = Math.ceilDiv(plane, most);
    List<Band> result = new ArrayList<>();
    for (int depth = 0; depth < geometry.depth().output(); depth++) {
      for (int i = 0; i < count; i++) {
        int first = Workers.start(plane, i, count);
        int end = Workers.start(plane, i + 1, count);
        result.add(
            new Band(
                depth, first / width, (end - 1) / width + 1, depth * plane + first, end - first));
      }
    }
    return List.copyOf(result);
  }
}
