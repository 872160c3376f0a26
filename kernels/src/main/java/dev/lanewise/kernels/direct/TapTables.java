package dev.lanewise.kernels.direct;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.simd.Taps;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tap tables of a direct convolution: one for each way in which rows fall outside the input,
 * each number of planes and each filter width.
 *
 * <p>Taps run over (plane of input channels, depth, height, width) of the kernel. Rows outside the
 * input have no taps; columns outside are zeros in the band.
 */
final class TapTables {

  /** A range of kernel rows along one axis that lie inside the input. */
  private record Rows(int first, int end) {
    static Rows of(Axis axis, int window) {
      int first = axis.firstTap(window);
      return new Rows(first, Math.max(first, axis.endTap(window)));
    }
  }

  private record Key(Rows depth, Rows height, int planes, int blocks) {}

  private final Geometry geometry;
  private final RowPlaces places;
  private final List<Packing.RowTap> rowTaps;
  private final Map<Key, Taps> tables = new HashMap<>();

  /** Tables for rows that lie as {@code places} says. */
  TapTables(Geometry geometry, RowPlaces places) {
    this.geometry = geometry;
    this.places = places;
    rowTaps = geometry.rowTaps();
  }

  /** The table for the output row ({@code outDepth}, {@code outHeight}) of an output group. */
  Taps table(OutputGroup group, int outDepth, int outHeight) {
    Key key =
        new Key(
            Rows.of(geometry.depth(), outDepth),
            Rows.of(geometry.height(), outHeight),
            group.inBlocks(),
            group.blocks());
    return tables.computeIfAbsent(key, this::build);
  }

  private Taps build(Key key) {
    int count =
        key.planes
            * (key.depth.end - key.depth.first)
            * (key.height.end - key.height.first)
            * rowTaps.size();
    int[] input = new int[count];
    int[] filter = new int[count];
    int terms = geometry.walk().terms();
    int filterTap = terms * key.blocks * Geometry.BLOCK;
    int t = 0;
    for (int plane = 0; plane < key.planes; plane++) {
      for (int d = key.depth.first; d < key.depth.end; d++) {
        for (int h = key.height.first; h < key.height.end; h++) {
          int row = (plane * geometry.depth().kernel() + d) * geometry.height().kernel() + h;
          for (int w = 0; w < rowTaps.size(); w++, t++) {
            input[t] =
                geometry.packing().place(plane, places.plane())
                    + d * places.depth()
                    + h * places.height()
                    + places.column(rowTaps.get(w).column());
            filter[t] = (row * rowTaps.size() + w) * filterTap;
          }
        }
      }
    }
    return new Taps(input, filter, terms);
  }
}
