package dev.lanewise.kernels.strassen;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.BatchReduce;

/**
 * The numbers of a pointwise convolution cut into quarters: the upper and the lower half of the
 * pixels of an image, the first and the second half of the channels.
 */
final class Quarters {

  static final int BLOCK = Layout.BLOCK;

  /** Output channels that a strip computes together. */
  static final int PANEL = 2 * BLOCK;

  /** Products of quarters. */
  static final int PRODUCTS = 7;

  /** Sums of the input's quarters. */
  static final int INPUT_SUMS = 4;

  /** Products that are kept until another one starts from them or a sum is made of them. */
  private static final int KEPT = 4;

  /** Sums of the input that stay in half a second-level cache of 1 MiB. */
  private static final int CACHED_FLOATS = (448 << 10) / Float.BYTES;

  /** Fewer strips would leave too little to do for each part of the filter. */
  private static final int LEAST_STRIPS = 7;

  final int images;
  final int pixels;

  /** Pixels of a half. */
  final int half;

  final int inChannels;

  /** Blocks of half the input channels. */
  final int inBlocks;

  /** Panels of half the output channels. */
  final int panels;

  /** Pixels of a half that are computed together. */
  final int blockPixels;

  Quarters(ConvShape shape) {
    images = shape.batch();
    pixels = shape.outputPixels();
    half = pixels / 2;
    inChannels = shape.inChannels();
    inBlocks = inChannels / 2 / BLOCK;
    panels = shape.outChannels() / 2 / PANEL;
    int strip = BatchReduce.COST_PIXELS;
    int strips = CACHED_FLOATS / (INPUT_SUMS * inBlocks * BLOCK * strip);
    blockPixels = Math.min(half, Math.max(LEAST_STRIPS, strips) * strip);
  }

  /** Floats of a panel's filter for one product. */
  int productFloats() {
    return inBlocks * BLOCK * PANEL;
  }

  long filterFloats() {
    return (long) panels * PRODUCTS * productFloats();
  }

  /** Where the factor of a product begins in the packed filter. */
  int factor(int panel, int product) {
    return (panel * PRODUCTS + product) * productFloats();
  }

  /** Where a pixel of a block of 16 channels lies, from the beginning of an image. */
  int place(int block, int pixel) {
    return (block * pixels + pixel) * BLOCK;
  }

  /** Where a block of channels of a sum of the input begins in the workspace. */
  int inputSum(int sum, int block) {
    return Slice.TO_LINE + (sum * inBlocks + block) * blockPixels * BLOCK;
  }

  /** Where a kept product of a panel begins; its second block lies a block of pixels further. */
  int kept(int product) {
    return inputSum(INPUT_SUMS, 0) + product * blockPixels * PANEL;
  }

  /** Where the difference between the biases of a panel's two halves lies. */
  int biasDifference() {
    return kept(KEPT);
  }

  int workspaceFloats() {
    return biasDifference() + PANEL;
  }
}
