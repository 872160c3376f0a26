package dev.lanewise.kernels.im2col;

import dev.lanewise.kernels.gemm.Panels;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Blocks;
import java.util.Arrays;

/**
 * Packs windows of the input as rows of a left operand {@code [k / 16][ROWS][16]}.
 *
 * <p>The terms k are (tap, channel of the group). They are cut into pieces that lie in one channel
 * block of the input and in one block of 16 terms, so that a piece of a row of pixels is a plain
 * strided copy. Pieces depend on the lane where a group begins: one table for each such lane.
 */
final class Columns {

  private static final int BLOCK = Layout.BLOCK;

  private final Geometry geometry;

  /** Of each piece: its tap, first term, length, and channel block and lane from the group's. */
  private final int[] tap;

  private final int[] term;
  private final int[] length;
  private final int[] block;
  private final int[] lane;

  /**
   * Cuts the terms.
   *
   * @param firstLane lane of a channel block where the group's channels begin
   */
  Columns(Geometry geometry, int firstLane) {
    this.geometry = geometry;
    int most = geometry.taps * (2 * (geometry.inGroup / BLOCK) + 4);
    int[][] pieces = new int[5][most];
    int count = 0;
    for (int t = 0; t < geometry.taps; t++) {
      int channel = 0;
      while (channel < geometry.inGroup) {
        int k = t * geometry.inGroup + channel;
        int source = firstLane + channel;
        int room = BLOCK - Math.max(k % BLOCK, source % BLOCK);
        int size = Math.min(room, geometry.inGroup - channel);
        pieces[0][count] = t;
        pieces[1][count] = k;
        pieces[2][count] = size;
        pieces[3][count] = source / BLOCK;
        pieces[4][count] = source % BLOCK;
        count++;
        channel += size;
      }
    }
    tap = Arrays.copyOf(pieces[0], count);
    term = Arrays.copyOf(pieces[1], count);
    length = Arrays.copyOf(pieces[2], count);
    block = Arrays.copyOf(pieces[3], count);
    lane = Arrays.copyOf(pieces[4], count);
  }

  /**
   * Packs the terms from {@code kBegin}, a multiple of 16, to {@code kEnd} of some output pixels.
   *
   * @param input activations; {@code inputBase} is where the group's first channel block lies
   */
  void pack(
      float[] input,
      int inputBase,
      int pixelBegin,
      int pixelEnd,
      int kBegin,
      int kEnd,
      float[] packed) {
    int from = Arrays.binarySearch(term, kBegin);
    for (int i = from; i < term.length && term[i] < kEnd; i++) {
      int source = inputBase + block[i] * geometry.inPixels * BLOCK + lane[i];
      int offset = (term[i] - kBegin) / BLOCK * BLOCK * Panels.ROWS + term[i] % BLOCK;
      piece(input, source, tap[i], length[i], pixelBegin, pixelEnd, packed, offset);
    }
    if (kEnd % BLOCK != 0) {
      int last = (kEnd - kBegin) / BLOCK * BLOCK * Panels.ROWS;
      int rows = pixelEnd - pixelBegin;
      zero(packed, last + kEnd % BLOCK, rows, BLOCK - kEnd % BLOCK);
    }
  }

  private void piece(
      float[] input,
      int source,
      int t,
      int size,
      int pixelBegin,
      int pixelEnd,
      float[] packed,
      int offset) {
    int width = geometry.outWidth;
    int step = geometry.width.stride() * BLOCK;
    int first = geometry.firstColumn(t);
    int end = geometry.endColumn(t);
    int pixel = pixelBegin;
    int to = offset;
    while (pixel < pixelEnd) {
      int row = pixel / width;
      int column = pixel - row * width;
      int columns = Math.min(width - column, pixelEnd - pixel);
      int inputRow = geometry.inputRow(row, t);
      int lo = Math.clamp(first, column, column + columns);
      int hi = Math.clamp(end, lo, column + columns);
      if (inputRow < 0) {
        hi = lo;
      }
      zero(packed, to, lo - column, size);
      if (lo < hi) {
        int seen = inputRow + geometry.width.position(lo, geometry.tapColumn(t));
        int target = to + (lo - column) * BLOCK;
        copy(input, source + seen * BLOCK, step, packed, target, hi - lo, size);
      }
      zero(packed, to + (hi - column) * BLOCK, column + columns - hi, size);
      pixel += columns;
      to += columns * BLOCK;
    }
  }

  private static void copy(
      float[] src, int from, int step, float[] dst, int to, int pixels, int size) {
    if (size == BLOCK) {
      Blocks.copy(src, from, step, dst, to, BLOCK, pixels);
    } else {
      for (int c = 0; c < size; c++) {
        for (int p = 0; p < pixels; p++) {
          dst[to + p * BLOCK + c] = src[from + p * step + c];
        }
      }
    }
  }

  private static void zero(float[] dst, int to, int pixels, int size) {
    for (int p = 0; p < pixels; p++) {
      Arrays.fill(dst, to + p * BLOCK, to + p * BLOCK + size, 0f);
    }
  }
}
