package dev.lanewise.kernels.activation;

import dev.lanewise.kernels.layout.Layout;
import java.util.Arrays;

/**
 * Where the values lie that one softmax is taken of, in blocks of 16.
 *
 * @param count rows
 * @param columns values of a row
 * @param perImage rows of an image
 * @param imageStride floats from one image to the next
 * @param rowStride floats from one row of an image to the next
 * @param blockStride floats from one block of a row to the next
 * @param whole whether the last block has room for 16 values, those past the last one zero
 */
record SoftmaxRows(
    int count,
    int columns,
    int perImage,
    int imageStride,
    int rowStride,
    int blockStride,
    boolean whole) {

  private static final int BLOCK = Layout.BLOCK;

  /** The channels of each pixel of NCHW16C. */
  static SoftmaxRows pixels(int batch, int channels, int pixels) {
    int plane = pixels * BLOCK;
    return new SoftmaxRows(
        batch * pixels, channels, pixels, Layout.blocks(channels) * plane, BLOCK, plane, true);
  }

  /** The rows of a matrix. */
  static SoftmaxRows dense(int rows, int columns) {
    return new SoftmaxRows(rows, columns, 1, columns, 0, BLOCK, false);
  }

  /** Values of a row, rounded up to whole blocks. */
  int padded() {
    return Layout.blocks(columns) * BLOCK;
  }

  private int from(int row) {
    return row / perImage * imageStride + row % perImage * rowStride;
  }

  /** Copies a row, with {@code rest} after its last value up to a whole block. */
  void read(float[] values, int row, float[] memory, int at, float rest) {
    int from = from(row);
    for (int c = 0; c < columns; c += BLOCK) {
      System.arraycopy(
          values, from + c / BLOCK * blockStride, memory, at + c, Math.min(BLOCK, columns - c));
    }
    Arrays.fill(memory, at + columns, at + padded(), rest);
  }

  /** The opposite of {@link #read}. */
  void write(float[] memory, float[] values, int row) {
    if (whole) {
      Arrays.fill(memory, columns, padded(), 0);
    }
    int end = whole ? padded() : columns;
    int from = from(row);
    for (int c = 0; c < end; c += BLOCK) {
      System.arraycopy(memory, c, values, from + c / BLOCK * blockStride, Math.min(BLOCK, end - c));
    }
  }
}
