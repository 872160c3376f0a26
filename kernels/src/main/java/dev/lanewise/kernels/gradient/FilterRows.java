package dev.lanewise.kernels.gradient;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.FilterReduce;
import java.util.HashMap;
import java.util.Map;

/**
 * The filter's gradient as it is summed: 8 output channels at a time, each with the blocks of input
 * channels that they see, {@code [8 output channels][input block][tap][8][16]}.
 */
final class FilterRows {

  /** Floats of one block of 16 terms. */
  static final int TERMS = FilterReduce.ROWS * Layout.BLOCK;

  final int count;
  final int[] firstInBlock;
  final int[] inBlocks;

  /** Where each begins. */
  final int[] base;

  /** {@code [row][panel][tile]}. */
  final FilterTile[][][] tiles;

  /** Blocks of terms before each, and in all. */
  final int[] blocksBefore;

  FilterRows(FilterGeometry geometry, FilterPanels panels) {
    ConvShape shape = geometry.shape();
    int inGroup = shape.inChannels() / shape.groups();
    int outGroup = shape.outChannels() / shape.groups();
    count = Math.ceilDiv(shape.outChannels(), FilterReduce.ROWS);
    firstInBlock = new int[count];
    inBlocks = new int[count];
    base = new int[count + 1];
    blocksBefore = new int[count + 1];
    tiles = new FilterTile[count][][];
    Map<Integer, FilterTile[][]> kinds = new HashMap<>();
    for (int i = 0; i < count; i++) {
      int first = i * FilterReduce.ROWS;
      int last = Math.min(first + FilterReduce.ROWS, shape.outChannels()) - 1;
      firstInBlock[i] = first / outGroup * inGroup / Layout.BLOCK;
      inBlocks[i] = Layout.blocks((last / outGroup + 1) * inGroup) - firstInBlock[i];
      int[] starts = shape.groups() == 1 ? panels.starts() : new int[] {0, inBlocks[i]};
      tiles[i] = kinds.computeIfAbsent(inBlocks[i], n -> FilterTile.all(geometry, starts));
      long end = base[i] + (long) inBlocks[i] * geometry.taps() * TERMS;
      Check.that(end <= Integer.MAX_VALUE, "sums of %s exceed 2^31 - 1 floats: %d", shape, end);
      base[i + 1] = (int) end;
      blocksBefore[i + 1] = blocksBefore[i] + inBlocks[i] * geometry.taps();
    }
  }

  /** Floats of all sums of a part. */
  int floats() {
    return base[count];
  }

  /** The same, without the tables. */
  static long floats(FilterGeometry geometry) {
    return new FilterRows(geometry, FilterPanels.of(geometry)).floats();
  }

  int blocks() {
    return blocksBefore[count];
  }
}
