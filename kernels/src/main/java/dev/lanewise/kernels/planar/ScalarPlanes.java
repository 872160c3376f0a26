package dev.lanewise.kernels.planar;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;

/** The sums of {@link VectorPlanes}, one after the other, with the same bits. */
final class ScalarPlanes {

  /** Output channels summed together. */
  static final int CHANNELS = 3;

  /** Pixels that are summed together by 16 lanes: four vectors. */
  static final int STRIP = 64;

  /** Terms of the filter whose gradients are summed together. */
  static final int TERMS = 5;

  private ScalarPlanes() {}

  /**
   * Three output planes: each pixel starts from the bias and adds the terms in their order.
   *
   * @param in the input's planes, from {@code base} on
   * @param filter {@code [term][3]}, from {@code weights} on, and then three biases
   * @param length floats of an output plane, whole strips
   */
  static void sums(
      float[] in,
      int base,
      int[] offsets,
      float[] filter,
      int weights,
      float[] out,
      int to,
      int length) {
    int biases = weights + offsets.length * CHANNELS;
    for (int c = 0; c < CHANNELS; c++) {
      for (int p = 0; p < length; p++) {
        float sum = filter[biases + c];
        for (int t = 0; t < offsets.length; t++) {
          sum = Lanes.fma(filter[weights + t * CHANNELS + c], in[base + offsets[t] + p], sum);
        }
        out[to + c * length + p] = sum;
      }
    }
  }

  /**
   * The gradients of five terms and three channels, in 16 parts each: of every 16th pixel.
   *
   * @param term the first of the terms
   * @param grad three planes of the output's gradient, from {@code from} on
   * @param sums {@code [3][5][16]} from {@code at} on, to which they are added
   */
  static void gradient(
      float[] in,
      int base,
      int[] offsets,
      int term,
      float[] grad,
      int from,
      int length,
      float[] sums,
      int at) {
    for (int c = 0; c < CHANNELS; c++) {
      for (int t = 0; t < TERMS; t++) {
        int to = at + (c * TERMS + t) * Layout.BLOCK;
        for (int p = 0; p < length; p++) {
          float dy = grad[from + c * length + p];
          int lane = to + p % Layout.BLOCK;
          sums[lane] = Lanes.fma(dy, in[base + offsets[term + t] + p], sums[lane]);
        }
      }
    }
  }
}
