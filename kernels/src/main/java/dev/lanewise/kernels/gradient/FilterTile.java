package dev.lanewise.kernels.gradient;

import java.util.ArrayList;
import java.util.List;

/**
 * One to three blocks of 16 terms of the filter that are summed together: neighbouring taps of a
 * kernel row, or a tap in neighbouring channel blocks.
 *
 * @param inBlock first block of input channels, counted from the first that the output channel sees
 * @param row the row of the kernel, counted through its planes
 * @param column first tap of the row
 * @param blocks 1 to 3
 * @param acrossChannels whether the blocks are channel blocks and not taps
 */
record FilterTile(int inBlock, int row, int column, int blocks, boolean acrossChannels) {

  private static final int MOST = 3;

  /** All tiles of an output channel that sees some channel blocks. */
  static FilterTile[] all(FilterGeometry geometry, int inBlocks) {
    List<FilterTile> tiles = new ArrayList<>();
    int rows = geometry.depth().kernel() * geometry.height().kernel();
    int columns = geometry.width().kernel();
    boolean across = columns == 1;
    int along = across ? inBlocks : columns;
    for (int block = 0; block < (across ? 1 : inBlocks); block++) {
      for (int row = 0; row < rows; row++) {
        for (int at = 0; at < along; ) {
          int blocks = blocks(geometry, across, at, along);
          tiles.add(
              across
                  ? new FilterTile(at, row, 0, blocks, true)
                  : new FilterTile(block, row, at, blocks, false));
          at += blocks;
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
