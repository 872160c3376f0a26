package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Ranges;
import java.util.Arrays;

/** Copies neighbouring indices of one axis between tensors that agree in all other axes. */
final class Spans {

  private static final int BLOCK = Layout.BLOCK;

  private Spans() {}

  /**
   * Copies as many indices as the smaller tensor has, which is copied as a whole.
   *
   * <p>In NCHW16C the axis is that of the channels, and parts of a target are to be written in
   * order: the last one leaves zeros in the padding lanes.
   *
   * @param at first index to be read
   * @param to first index to be written
   */
  static void copy(
      Workers workers,
      Layout layout,
      int axis,
      float[] from,
      int[] fromDims,
      int at,
      float[] target,
      int[] targetDims,
      int to) {
    int count = Math.min(fromDims[axis], targetDims[axis]);
    if (layout == Layout.NCHW16C) {
      int pixels = product(fromDims, 2, fromDims.length);
      ChannelSpan span =
          new ChannelSpan(
              pixels,
              from,
              pixels * BLOCK * Layout.blocks(fromDims[1]),
              at,
              target,
              pixels * BLOCK * Layout.blocks(targetDims[1]),
              to,
              count);
      Ranges.each(workers, fromDims[0], span::image);
      return;
    }
    int inner = product(fromDims, axis + 1, fromDims.length);
    Ranges.each(
        workers,
        product(fromDims, 0, axis),
        outer ->
            System.arraycopy(
                from,
                (outer * fromDims[axis] + at) * inner,
                target,
                (outer * targetDims[axis] + to) * inner,
                count * inner));
  }

  /** The product of dimensions number {@code first} up to {@code end}, which is left out. */
  static int product(int[] dims, int first, int end) {
    int product = 1;
    for (int i = first; i < end; i++) {
      product *= dims[i];
    }
    return product;
  }

  /** Neighbouring channels of NCHW16C images and where they go. */
  @SuppressWarnings("ArrayRecordComponent") // work to be done; never compared
  private record ChannelSpan(
      int pixels,
      float[] from,
      int fromImage,
      int at,
      float[] target,
      int targetImage,
      int to,
      int count) {

    void image(int n) {
      int source = n * fromImage;
      int sink = n * targetImage;
      if (at % BLOCK == 0 && to % BLOCK == 0) {
        blocks(source, sink);
      } else {
        for (int c = 0; c < count; c++) {
          channel(source, at + c, sink, to + c, c == 0);
        }
      }
    }

    private void blocks(int source, int sink) {
      int blocks = Layout.blocks(count);
      int length = blocks * pixels * BLOCK;
      System.arraycopy(from, source + at * pixels, target, sink + to * pixels, length);
      int used = count % BLOCK;
      if (used > 0) {
        int end = sink + to * pixels + length;
        for (int i = end - pixels * BLOCK; i < end; i += BLOCK) {
          Arrays.fill(target, i + used, i + BLOCK, 0f);
        }
      }
    }

    /** Copies one channel; the first one of a block clears the rest of the block. */
    private void channel(int source, int channel, int sink, int other, boolean first) {
      int read = source + channel / BLOCK * BLOCK * pixels + channel % BLOCK;
      int block = sink + other / BLOCK * BLOCK * pixels;
      int lane = other % BLOCK;
      if (lane == 0 || first) {
        for (int i = 0; i < pixels * BLOCK; i += BLOCK) {
          Arrays.fill(target, block + i + lane, block + i + BLOCK, 0f);
        }
      }
      for (int i = 0; i < pixels * BLOCK; i += BLOCK) {
        target[block + lane + i] = from[read + i];
      }
    }
  }
}
