package dev.lanewise.kernels.layout;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;
import java.util.Objects;

/**
 * Copies a tensor from one layout to another.
 *
 * <p>In every layout a block of up to 16 channels of one image is a matrix of pixels and channels
 * with two strides, so one loop serves all pairs.
 */
public final class Reorder {

  /** Pixels of a tile: with 16 channels it stays in the first-level cache from either side. */
  private static final int TILE = 64;

  private Reorder() {}

  /**
   * Copies on the calling thread; allocates nothing.
   *
   * @param dims {@code [batch, channels, spatial...]}
   * @param src {@code from.length(dims)} floats
   * @param dst {@code to.length(dims)} floats, all overwritten; padding lanes become zero
   * @throws IllegalArgumentException if a length is wrong or both arrays are one
   */
  public static void run(int[] dims, Layout from, float[] src, Layout to, float[] dst) {
    check(dims, from, src, to, dst);
    blocks(dims, from, src, to, dst, 0, dims[0] * Layout.blocks(dims[1]));
  }

  /** Copies on all workers, each with a share of the images and channel blocks. */
  public static void run(
      int[] dims, Layout from, float[] src, Layout to, float[] dst, Workers workers) {
    check(dims, from, src, to, dst);
    int units = dims[0] * Layout.blocks(dims[1]);
    workers.run(
        (worker, count, scratch) ->
            blocks(
                dims,
                from,
                src,
                to,
                dst,
                Workers.start(units, worker, count),
                Workers.start(units, worker + 1, count)));
  }

  /** Copies to a new array. */
  public static float[] to(int[] dims, Layout from, float[] src, Layout to) {
    float[] dst = new float[to.length(dims)];
    run(dims, from, src, to, dst);
    return dst;
  }

  private static void check(int[] dims, Layout from, float[] src, Layout to, float[] dst) {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    Check.length("src in layout " + from, src, from.length(dims));
    Check.length("dst in layout " + to, dst, to.length(dims));
    Check.distinct("src", src, "dst", dst);
  }

  /** Copies the blocks {@code begin} to {@code end}, counted through images, then channels. */
  private static void blocks(
      int[] dims, Layout from, float[] src, Layout to, float[] dst, int begin, int end) {
    int channels = dims[1];
    int blocks = Layout.blocks(channels);
    int pixels = pixels(dims);
    for (int unit = begin; unit < end; unit++) {
      int image = unit / blocks;
      int block = unit % blocks;
      int lanes = Math.min(Layout.BLOCK, channels - block * Layout.BLOCK);
      int srcBase = base(from, image, block, channels, pixels);
      int dstBase = base(to, image, block, channels, pixels);
      if (to == Layout.NCHW16C && lanes < Layout.BLOCK) {
        Arrays.fill(dst, dstBase, dstBase + pixels * Layout.BLOCK, 0f);
      }
      if (from == Layout.NCHW || to == Layout.NCHW) {
        transpose(
            pixels,
            lanes,
            src,
            srcBase,
            pixelStride(from, channels),
            channelStride(from, pixels),
            dst,
            dstBase,
            pixelStride(to, channels),
            channelStride(to, pixels));
      } else {
        int srcStride = pixelStride(from, channels);
        int dstStride = pixelStride(to, channels);
        for (int p = 0; p < pixels; p++) {
          System.arraycopy(src, srcBase + p * srcStride, dst, dstBase + p * dstStride, lanes);
        }
      }
    }
  }

  private static void transpose(
      int pixels,
      int lanes,
      float[] src,
      int srcBase,
      int srcPixel,
      int srcChannel,
      float[] dst,
      int dstBase,
      int dstPixel,
      int dstChannel) {
    for (int tile = 0; tile < pixels; tile += TILE) {
      int end = Math.min(pixels, tile + TILE);
      for (int c = 0; c < lanes; c++) {
        int s = srcBase + c * srcChannel;
        int d = dstBase + c * dstChannel;
        for (int p = tile; p < end; p++) {
          dst[d + p * dstPixel] = src[s + p * srcPixel];
        }
      }
    }
  }

  private static int pixels(int[] dims) {
    int pixels = 1;
    for (int i = 2; i < dims.length; i++) {
      pixels *= dims[i];
    }
    return pixels;
  }

  private static int base(Layout layout, int image, int block, int channels, int pixels) {
    return switch (layout) {
      case NCHW -> (image * channels + block * Layout.BLOCK) * pixels;
      case NHWC -> image * channels * pixels + block * Layout.BLOCK;
      case NCHW16C -> (image * Layout.blocks(channels) + block) * pixels * Layout.BLOCK;
    };
  }

  private static int pixelStride(Layout layout, int channels) {
    return switch (layout) {
      case NCHW -> 1;
      case NHWC -> channels;
      case NCHW16C -> Layout.BLOCK;
    };
  }

  private static int channelStride(Layout layout, int pixels) {
    return layout == Layout.NCHW ? pixels : 1;
  }
}
