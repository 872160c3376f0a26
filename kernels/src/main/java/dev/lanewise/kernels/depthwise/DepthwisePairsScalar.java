package dev.lanewise.kernels.depthwise;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;

/** The sums of pairs without the Vector API, with the same sums in the same order. */
final class DepthwisePairsScalar extends DepthwisePairs {

  private static final int BLOCK = Layout.BLOCK;
  private static final int KERNEL = 3;

  DepthwisePairsScalar() {
    super(BLOCK);
  }

  @Override
  void pair(
      int tiles,
      int sides,
      int rows,
      float[] in,
      int inBase,
      int inRow,
      float[] filter,
      int filterBase,
      float[] bias,
      int biasBase,
      float[] out,
      int outBase,
      int outRow) {
    tiles(
        2,
        tiles,
        sides,
        rows,
        in,
        inBase,
        inRow,
        filter,
        filterBase,
        bias,
        biasBase,
        out,
        outBase,
        outRow);
  }

  @Override
  void single(
      int tiles,
      int sides,
      int rows,
      float[] in,
      int inBase,
      int inRow,
      float[] filter,
      int filterBase,
      float[] bias,
      int biasBase,
      float[] out,
      int outBase,
      int outRow) {
    tiles(
        1,
        tiles,
        sides,
        rows,
        in,
        inBase,
        inRow,
        filter,
        filterBase,
        bias,
        biasBase,
        out,
        outBase,
        outRow);
  }

  private static void tiles(
      int columns,
      int tiles,
      int sides,
      int rows,
      float[] in,
      int inBase,
      int inRow,
      float[] filter,
      int filterBase,
      float[] bias,
      int biasBase,
      float[] out,
      int outBase,
      int outRow) {
    for (int i = 0; i < tiles * rows * BLOCK; i++) {
      int c = i % BLOCK;
      int tile = i / BLOCK % tiles;
      int row = i / BLOCK / tiles;
      int first = (sides & TOP) != 0 && row == 0 ? 1 : 0;
      int end = (sides & BOTTOM) != 0 && row == rows - 1 ? KERNEL - 1 : KERNEL;
      boolean left = (sides & LEFT) != 0 && tile == 0;
      boolean right = (sides & RIGHT) != 0 && tile == tiles - 1;
      float m0 = 0;
      float m1 = bias[biasBase + c];
      float m2 = 0;
      float m3 = 0;
      for (int k = first; k < end; k++) {
        int p = inBase + c + (row + k) * inRow + tile * columns * BLOCK;
        int f = filterBase + c + k * products(2) * BLOCK;
        float x1 = in[p + BLOCK];
        float x2 = right && columns == 1 ? 0 : in[p + 2 * BLOCK];
        float x3 = right || columns == 1 ? 0 : in[p + 3 * BLOCK];
        float t0 = left ? -x2 : in[p] - x2;
        // As in the vector kernels: even zeros have the same sign.
        m0 = k == 0 ? t0 * filter[f] : Lanes.fma(t0, filter[f], m0);
        m1 = Lanes.fma(x1 + x2, filter[f + BLOCK], m1);
        float f2 = filter[f + 2 * BLOCK];
        m2 = k == 0 ? (x2 - x1) * f2 : Lanes.fma(x2 - x1, f2, m2);
        float f3 = filter[f + 3 * BLOCK];
        m3 = k == 0 ? (x1 - x3) * f3 : Lanes.fma(x1 - x3, f3, m3);
      }
      int q = outBase + c + row * outRow + tile * columns * BLOCK;
      out[q] = m0 + (m1 + m2);
      if (columns == 2) {
        out[q + BLOCK] = m1 - m2 - m3;
      }
    }
  }
}
