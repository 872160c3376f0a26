package dev.lanewise.kernels.gradient;

import java.util.ArrayList;
import java.util.List;

/**
 * One to three blocks of 16 terms of the filter that are summed together: neighbouring taps of a
 * kernel row, or a tap in neighbouring channel blocks.
 *
 * @param before blocks of terms before it, in the order in which they are shared out
 * @param inBlock first block of input channels, counted from the first that the output channel sees
 * @param row the row of the kernel, counted through its planes
 * @param column first tap of the row
 * @param blocks 1 to 3
 * @param acrossChannels whether the blocks are channel blocks and not taps
 */
record FilterTile(
    int before, int inBlock, int row, int column, int blocks, boolean acrossChannels) {

  /** Most blocks of a tile. */
  static final int MOST = 3;

  /** One past the last channel block. */
  int endBlock() {
    return inBlock + (acrossChannels ? blocks : 1);
  }

  /** Channel blocks of which all tiles come before this one, or 0 where their order differs. */
  int doneBefore() {
    return acrossChannels ? 0 : inBlock;
  }

  /**
   * The tiles of an output channel, panel by panel.
   *
   * @param starts the first channel block of each panel, then the number of blocks that it sees
   */
  static FilterTile[][] all(FilterGeometry geometry, int[] starts) {
    FilterTile[][] panels = new FilterTile[starts.length - 1][];
    int before = 0;
    for (int i = 0; i < panels.length; i++) {
      panels[i] = panel(geometry, before, starts[i], starts[i + 1]);
      before += (starts[i + 1] - starts[i]) * geometry.taps();
    }
    return panels;
  }

  private static FilterTile[] panel(
      FilterGeometry geometry, int before, int firstBlock, int endBlock) {
    List<FilterTile> tiles = new ArrayList<>();
    int place = before;
    int rows = geometry.depth().kernel() * geometry.height().kernel();
    int columns = geometry.width().kernel();
    boolean across = columns == 1;
    int along = across ? endBlock : columns;
    for (int block = firstBlock; block < (across ? firstBlock + 1 : endBlock); block++) {
      for (int row = 0; row < rows; row++) {
        for (int at = across ? firstBlock : 0; at < along; ) {
          int blocks = blocks(geometry, across, at, along);
          tiles.add(
              across
                  ? new FilterTile(place, at, row, 0, blocks, true)
                  : new FilterTile(place, block, row, at, blocks, false));
          at += blocks;
          place += blocks;
        }
      }
    }
    return tiles.toArray(FilterTile[]::new);
  }

  /** Four are two and two; and three taps must lie evenly in memory. */
  private static int blocks(FilterGeometry geometry, boolean across, int at, int end) {
    int left = end - at;
    int blocks = left == MOST + 1 ? 2 : Math.min(MOST, left);
    boolean even =
        across
            || blocks < MOST
            || geometry.tapPlace(at + 2) - geometry.tapPlace(at + 1)
                == geometry.tapPlace(at + 1) - geometry.tapPlace(at);
    return even ? blocks : 2;
  }
}
