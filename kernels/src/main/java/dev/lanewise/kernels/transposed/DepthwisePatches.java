package dev.lanewise.kernels.transposed;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;

/**
 * Transposed depthwise convolution with a 3 x 3 kernel and stride 2, two by two outputs at a time:
 * with inputs x and filter f, both counted from the patch's input,
 *
 * <pre>
 * out[0][0] = f[1][1] x[0][0]
 * out[0][1] = f[1][0] x[0][1] + f[1][2] x[0][0]
 * out[1][0] = f[0][1] x[1][0] + f[2][1] x[0][0]
 * out[1][1] = f[0][0] x[1][1] + f[0][2] x[1][0] + f[2][0] x[0][1] + f[2][2] x[0][0]
 * </pre>
 *
 * Each output is a chain of fused multiply-adds that begins with the bias, in the order in which
 * {@link DepthwisePhases} sums any kernel: which of the two computes an output does not change it.
 */
abstract class DepthwisePatches {

  private static final int BLOCK = Layout.BLOCK;

  private final int lanes;

  DepthwisePatches(int lanes) {
    this.lanes = lanes;
  }

  /** The implementation for this machine's lanes; null without the Vector API. */
  static DepthwisePatches get() {
    return Holder.INSTANCE;
  }

  /**
   * Computes rows of patches.
   *
   * @param rows input rows; the one after the last is read, too
   * @param columns whole patches of a row; the input after the last is read, too
   * @param over output columns of that input that have no right neighbour: 0, 1 or 2
   * @param outBase where the first row's first patch goes
   */
  final void addBlock(
      int rows,
      int columns,
      int over,
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
    for (int c = 0; c < BLOCK; c += lanes) {
      add(
          rows,
          columns,
          over,
          1,
          in,
          inBase + c,
          inRow,
          filter,
          filterBase + c,
          bias,
          biasBase + c,
          out,
          outBase + c,
          outRow);
    }
  }

  /** As many channels as there are lanes; {@code one} is 1: C2 shall not unroll. */
  abstract void add(
      int rows,
      int columns,
      int over,
      int one,
      float[] in,
      int inBase,
      int inRow,
      float[] filter,
      int filterBase,
      float[] bias,
      int biasBase,
      float[] out,
      int outBase,
      int outRow);

  /** Loads the class of one lane width only: the others may need a module that is not there. */
  private static final class Holder {
    static final DepthwisePatches INSTANCE =
        switch (Lanes.LANES) {
          case 16 -> new DepthwisePatches16();
          case 8 -> new DepthwisePatches8();
          case 4 -> new DepthwisePatches4();
          default -> null;
        };
  }
}
