package dev.lanewise.kernels.depthwise;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;

/** The sums of pairs of a 5 x 5 kernel without the Vector API, in the same order. */
final class DepthwiseRowPairsScalar extends DepthwiseRowPairs {

  private static final int BLOCK = Layout.BLOCK;
  private static final int PAIRS = 3;

  DepthwiseRowPairsScalar() {
    super(BLOCK, PAIRS);
  }

  @Override
  void tile(
      int pairs,
      int sides,
      float[] in,
      int inBase,
      int inRow,
      int inBack,
      float[] filter,
      int filterBase,
      int filterEnd,
      float[] bias,
      int biasBase,
      float[] out,
      int outBase,
      int outRow,
      int outEnd) {
    int outRows = (outEnd - outBase) / outRow;
    for (int i = 0; i < outRows * pairs * BLOCK; i++) {
      int c = i % BLOCK;
      int pair = i / BLOCK % pairs;
      int row = i / BLOCK / pairs;
      boolean left = (sides & LEFT) != 0 && pair == 0;
      boolean right = (sides & RIGHT) != 0 && pair == pairs - 1;
      float a = 0;
      float b = bias[biasBase + c];
      float s = 0;
      float d = 0;
      int p = inBase + row * inRow + 2 * pair * BLOCK + c;
      for (int w = filterBase + c; w < filterEnd; w += PRODUCTS * BLOCK, p += inRow) {
        float x2 = in[p + 2 * BLOCK];
        float x3 = in[p + 3 * BLOCK];
        // As in the vector kernels: even zeros have the same sign.
        a = Lanes.fma(left ? -x2 : in[p] - x2, filter[w], a);
        b = Lanes.fma(left ? x2 : in[p + BLOCK] + x2, filter[w + BLOCK], b);
        s = Lanes.fma(left ? x2 : x2 - in[p + BLOCK], filter[w + 2 * BLOCK], s);
        d = Lanes.fma(left ? -x3 : in[p + BLOCK] - x3, filter[w + 3 * BLOCK], d);
        a = Lanes.fma(right ? -x3 : in[p + 4 * BLOCK] - x3, filter[w + 4 * BLOCK], a);
        if (!right) {
          float x4 = in[p + 4 * BLOCK];
          b = Lanes.fma(x4, filter[w + 5 * BLOCK], b);
          d = Lanes.fma(x4 - in[p + 5 * BLOCK], filter[w + 6 * BLOCK], d);
        }
      }
      int q = outBase + row * outRow + 2 * pair * BLOCK + c;
      out[q] = a + (b + s);
      out[q + BLOCK] = b - s - d;
    }
  }
}
