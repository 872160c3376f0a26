package dev.lanewise.kernels.gemm;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.simd.Blocks;
import java.util.Arrays;
import java.util.Objects;

/** How a row-major operand is read, as it lies or transposed, and packed into panels. */
final class Matrix {

  private static final int DEPTH = Panels.DEPTH;

  private Matrix() {}

  /** Requires {@code rows x columns} floats at {@code offset}, rows {@code stride} apart. */
  static void check(String name, float[] values, int offset, int stride, int rows, int columns) {
    Objects.requireNonNull(values, name);
    Check.that(offset >= 0, "%s offset must not be negative, is %d", name, offset);
    Check.that(
        stride >= columns,
        "%s has rows of %d floats, which its stride %d must not be below",
        name,
        columns,
        stride);
    long end = offset + (rows - 1L) * stride + columns;
    Check.that(
        end <= values.length,
        "%s of %d x %d, stride %d, offset %d needs %d floats, has %d",
        name,
        rows,
        columns,
        stride,
        offset,
        end,
        values.length);
  }

  /**
   * Packs a block of the left operand as {@code [k / 16][ROWS][16]}, terms past the last zero.
   *
   * @param transposed whether element (row, k) lies at {@code k * stride + row}
   */
  static void packLeft(
      boolean transposed,
      float[] a,
      int offset,
      int stride,
      int rowBegin,
      int rows,
      int kBegin,
      int kEnd,
      float[] packed,
      int base) {
    for (int k = kBegin; k < kEnd; k += DEPTH) {
      int to = base + (k - kBegin) * Panels.ROWS;
      int terms = Math.min(DEPTH, kEnd - k);
      if (transposed) {
        int from = offset + k * stride + rowBegin;
        transpose(a, from, stride, terms, rows, packed, to, DEPTH);
      } else {
        int from = offset + rowBegin * stride + k;
        copyRows(a, from, stride, rows, terms, packed, to, DEPTH);
      }
      if (terms < DEPTH) {
        for (int row = 0; row < rows; row++) {
          Arrays.fill(packed, to + row * DEPTH + terms, to + (row + 1) * DEPTH, 0f);
        }
      }
    }
  }

  /**
   * Packs one panel of the right operand as {@code [k / 16][16][width]}, the rest zero.
   *
   * @param transposed whether element (k, column) lies at {@code column * stride + k}
   * @param columns columns that there are, at most {@code width}
   * @param width 16 or 32
   */
  static void packPanel(
      boolean transposed,
      float[] b,
      int offset,
      int stride,
      int kBegin,
      int kEnd,
      int columnBegin,
      int columns,
      int width,
      float[] packed,
      int base) {
    int end = base + Panels.depthTaps(kEnd - kBegin) * DEPTH * width;
    if (columns < width) {
      Arrays.fill(packed, base, end, 0f);
    } else {
      Arrays.fill(packed, base + (kEnd - kBegin) * width, end, 0f);
    }
    if (transposed) {
      for (int k = kBegin; k < kEnd; k += DEPTH) {
        int from = offset + columnBegin * stride + k;
        int to = base + (k - kBegin) * width;
        transpose(b, from, stride, columns, Math.min(DEPTH, kEnd - k), packed, to, width);
      }
    } else {
      int from = offset + kBegin * stride + columnBegin;
      copyRows(b, from, stride, kEnd - kBegin, columns, packed, base, width);
    }
  }

  private static void copyRows(
      float[] src, int from, int srcStride, int rows, int length, float[] dst, int to, int stride) {
    int blocks = length / DEPTH;
    for (int block = 0; block < blocks; block++) {
      Blocks.copy(src, from + block * DEPTH, srcStride, dst, to + block * DEPTH, stride, rows);
    }
    int done = blocks * DEPTH;
    for (int row = 0; done < length && row < rows; row++) {
      System.arraycopy(
          src, from + row * srcStride + done, dst, to + row * stride + done, length - done);
    }
  }

  /** Element (row, column) of the source goes to (column, row). */
  private static void transpose(
      float[] src,
      int from,
      int srcStride,
      int rows,
      int columns,
      float[] dst,
      int to,
      int dstStride) {
    for (int row = 0; row < rows; row++) {
      int s = from + row * srcStride;
      int d = to + row;
      for (int column = 0; column < columns; column++) {
        dst[d + column * dstStride] = src[s + column];
      }
    }
  }
}
