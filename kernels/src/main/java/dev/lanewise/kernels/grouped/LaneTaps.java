package dev.lanewise.kernels.grouped;

import dev.lanewise.kernels.direct.Geometry;
import dev.lanewise.kernels.direct.Packing;
import dev.lanewise.kernels.direct.RowPlaces;
import dev.lanewise.kernels.layout.LaneGroups;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.GroupTaps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The taps of every output row and the filter that they read.
 *
 * <p>A block's filter is {@code [depth][height][columns of a row][channel of the group][lane]}: the
 * columns in the order of the row's taps, each with as many neighbours as share their loads, and at
 * the end zeros for taps that only fill a table up.
 */
final class LaneTaps {

  private static final int BLOCK = Layout.BLOCK;

  private record Rows(int firstDepth, int endDepth, int firstHeight, int endHeight, int place) {}

  private final Geometry geometry;
  private final RowPlaces places;
  private final List<Packing.RowTap> rowTaps;
  private final int inPerGroup;
  private final LaneGroups groups;
  private final int rowFloats;
  private final Map<Rows, GroupTaps[]> tables = new HashMap<>();

  LaneTaps(Geometry geometry, RowPlaces places, ConvShape shape) {
    this.geometry = geometry;
    this.places = places;
    rowTaps = geometry.rowTaps(GroupTaps.MOST_COLUMNS);
    inPerGroup = shape.inChannels() / shape.groups();
    groups = LaneGroups.of(shape);
    rowFloats = geometry.width().kernel() * inPerGroup * BLOCK;
  }

  /** Floats of the packed filter of one block of output channels. */
  int blockFloats() {
    return zeros() + GroupTaps.MOST_COLUMNS * BLOCK;
  }

  /** Where the zeros lie. */
  private int zeros() {
    return geometry.depth().kernel() * geometry.height().kernel() * rowFloats;
  }

  /** The block of input channels that a block of output channels depends on. */
  int sourceBlock(int outBlock) {
    return groups.inBlock(outBlock);
  }

  /** The tables of an output row, one for each number of columns that share loads. */
  GroupTaps[] taps(int outBlock, int outDepth, int outHeight) {
    Axis depth = geometry.depth();
    Axis height = geometry.height();
    int firstDepth = depth.firstTap(outDepth);
    int firstHeight = height.firstTap(outHeight);
    Rows key =
        new Rows(
            firstDepth,
            Math.max(firstDepth, depth.endTap(outDepth)),
            firstHeight,
            Math.max(firstHeight, height.endTap(outHeight)),
            outBlock % groups.multiplier());
    return tables.computeIfAbsent(key, this::build);
  }

  private GroupTaps[] build(Rows rows) {
    int[] lanes = lanes(rows.place);
    List<GroupTaps> result = new ArrayList<>();
    for (int columns = GroupTaps.MOST_COLUMNS; columns > 0; columns--) {
      List<int[]> taps = taps(rows, columns);
      if (!taps.isEmpty()) {
        while (taps.size() % GroupTaps.TRIP != 0) {
          taps.add(new int[] {taps.getLast()[0], zeros(), 0});
        }
        result.add(
            new GroupTaps(columns, column(taps, 0), column(taps, 1), column(taps, 2), lanes));
      }
    }
    if (result.isEmpty()) {
      result.add(new GroupTaps(1, new int[0], new int[0], new int[0], lanes));
    }
    return result.toArray(GroupTaps[]::new);
  }

  /** Of each channel of a group: the lane of the input block that each output lane sees. */
  private int[] lanes(int outBlock) {
    int[] lanes = new int[inPerGroup * BLOCK];
    for (int channel = 0; channel < inPerGroup; channel++) {
      for (int lane = 0; lane < BLOCK; lane++) {
        lanes[channel * BLOCK + lane] = groups.source(outBlock, channel, lane);
      }
    }
    return lanes;
  }

  /** Input offset, filter offset and row of the lane table of the taps of so many columns. */
  private List<int[]> taps(Rows rows, int columns) {
    List<int[]> taps = new ArrayList<>();
    for (int d = rows.firstDepth; d < rows.endDepth; d++) {
      for (int h = rows.firstHeight; h < rows.endHeight; h++) {
        int filter = (d * geometry.height().kernel() + h) * rowFloats;
        for (Packing.RowTap tap : rowTaps) {
          for (int c = 0; c < inPerGroup; c++) {
            if (tap.columns() == columns) {
              int in = d * places.depth() + h * places.height() + places.column(tap.column());
              taps.add(new int[] {in, filter, c * BLOCK});
            }
            filter += tap.columns() * BLOCK;
          }
        }
      }
    }
    return taps;
  }

  private static int[] column(List<int[]> taps, int index) {
    return taps.stream().mapToInt(tap -> tap[index]).toArray();
  }

  /** Packs the filter {@code [outChannels][inChannels / groups][kernel...]}, block by block. */
  void pack(ConvShape shape, float[] filter, float[] packed) {
    int rows = geometry.depth().kernel() * geometry.height().kernel();
    int columns = geometry.width().kernel();
    for (int out = 0; out < shape.outChannels(); out++) {
      int to = out / BLOCK * blockFloats() + out % BLOCK;
      for (int row = 0; row < rows; row++) {
        for (int t = 0; t < rowTaps.size(); t++) {
          Packing.RowTap tap = rowTaps.get(t);
          for (int c = 0; c < inPerGroup; c++) {
            int from = ((out * inPerGroup + c) * rows + row) * columns + tap.first();
            for (int i = 0; i < tap.columns(); i++, to += BLOCK) {
              packed[to] = filter[from + i * tap.step()];
            }
          }
        }
      }
    }
  }
}
