package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Spare;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.List;
import java.util.stream.Stream;

/**
 * Transforms and packs the filters of {@link StridedWinograd} as {@code [pair][product][part][input
 * block][16][32]}; a single last block of output channels has 16 for 32.
 */
final class StridedFilter {

  private static final int BLOCK = Layout.BLOCK;

  /** Output channels of a pair of blocks. */
  private static final int LANES = 2 * BLOCK;

  /** Taps of a kernel. */
  private static final int TAPS = 9;

  /** The first and the last tap of each part along an axis: w0, w1, w0 + w2, w2, w1. */
  private static final int[][] PART_TAPS = {{0, 0}, {1, 1}, {0, 2}, {2, 2}, {1, 1}};

  private final StridedTiles tiles;
  private final int inChannels;
  private final int outChannels;

  /** Kernels of a pair of output blocks, for each worker that packs. */
  private final List<Spare<float[]>> lanes;

  StridedFilter(StridedTiles tiles, ConvShape shape, int workers) {
    this.tiles = tiles;
    inChannels = shape.inChannels();
    outChannels = shape.outChannels();
    lanes =
        Stream.generate(() -> new Spare<>(() -> new float[TAPS * LANES])).limit(workers).toList();
  }

  /** Packs a worker's share of the filter. */
  void pack(float[] filter, float[] packed, int worker, int count) {
    Spare<float[]> memory = lanes.get(worker % lanes.size());
    float[] taken = memory.take();
    int units = tiles.pairs * inChannels;
    int end = Workers.start(units, worker + 1, count);
    for (int unit = Workers.start(units, worker, count); unit < end; unit++) {
      packChannel(filter, unit / inChannels, unit % inChannels, taken, packed);
    }
    memory.give(taken);
  }

  private void packChannel(float[] filter, int pair, int in, float[] taken, float[] packed) {
    int width = tiles.pairBlocks(pair) * BLOCK;
    int outs = Math.min(width, outChannels - pair * LANES);
    gather(filter, (pair * LANES * inChannels + in) * TAPS, outs, taken);
    for (int row = 0; row < StridedTiles.PARTS; row++) {
      for (int column = 0; column < StridedTiles.PARTS; column++) {
        int term = StridedTiles.place(row, column) * tiles.inBlocks * BLOCK + in;
        int to = tiles.filterPair(pair) + term * width;
        packPart(taken, PART_TAPS[row], PART_TAPS[column], outs, packed, to);
      }
    }
  }

  /** The kernels of some output channels as {@code [tap][32]}. */
  private void gather(float[] filter, int from, int outs, float[] taken) {
    for (int out = 0; out < outs; out++) {
      int at = from + out * inChannels * TAPS;
      for (int t = 0; t < TAPS; t++) {
        taken[t * LANES + out] = filter[at + t];
      }
    }
  }

  /** Sums one, two or four taps for some output channels, and rounds once. */
  private static void packPart(
      float[] taken, int[] rows, int[] columns, int outs, float[] packed, int to) {
    int first = (3 * rows[0] + columns[0]) * LANES;
    int right = (3 * rows[0] + columns[1]) * LANES;
    int below = (3 * rows[1] + columns[0]) * LANES;
    int last = (3 * rows[1] + columns[1]) * LANES;
    if (first == last) {
      System.arraycopy(taken, first, packed, to, outs);
    } else if (first == right || first == below) {
      for (int out = 0; out < outs; out++) {
        packed[to + out] = taken[first + out] + taken[last + out];
      }
    } else {
      for (int out = 0; out < outs; out++) {
        double above = (double) taken[first + out] + taken[right + out];
        packed[to + out] = (float) (above + taken[below + out] + taken[last + out]);
      }
    }
  }
}
