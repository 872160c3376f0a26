package dev.lanewise.kernels.layout;

import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;
import java.util.Objects;

/** How a tensor of logical dimensions {@code [batch, channels, spatial...]} lies in memory. */
public enum Layout {
  /** {@code [batch][channels][spatial...]}: planes, the layout of most file formats. */
  NCHW,
  /** {@code [batch][spatial...][channels]}: pixels, the layout of images. */
  NHWC,
  /**
   * {@code [batch][ceil(channels / 16)][spatial...][16]}: blocks of 16 channels, the layout of all
   * kernels. The lanes past the last channel are zero.
   */
  NCHW16C;

  /** Channels of a block of {@link #NCHW16C}. */
  public static final int BLOCK = 16;

  /** Blocks that hold so many channels. */
  public static int blocks(int channels) {
    return channels / BLOCK + (channels % BLOCK == 0 ? 0 : 1);
  }

  /**
   * Floats that a tensor takes in this layout.
   *
   * @param dims {@code [batch, channels, spatial...]} with any number of spatial dimensions
   * @throws IllegalArgumentException if there are fewer than two dimensions, one is below 1 (the
   *     batch below 0), or the product exceeds 2^31 - 1
   */
  public int length(int... dims) {
    checkDims(dims);
    if (this != NCHW16C) {
      return Check.elements("tensor", dims);
    }
    int[] padded = dims.clone();
    padded[1] = blocks(dims[1]);
    int blocks = Check.elements("tensor", padded);
    return Check.elements("tensor", blocks, BLOCK);
  }

  static void checkDims(int... dims) {
    Objects.requireNonNull(dims, "dims");
    Check.that(
        dims.length >= 2,
        "dimensions are [batch, channels, spatial...], not %s",
        Arrays.toString(dims));
    Check.notNegative("batch", dims[0]);
    for (int i = 1; i < dims.length; i++) {
      if (dims[i] < 1) {
        throw new IllegalArgumentException(
            "every dimension but the batch must be at least 1: " + Arrays.toString(dims));
      }
    }
  }
}
