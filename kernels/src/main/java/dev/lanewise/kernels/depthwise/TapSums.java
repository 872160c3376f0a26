package dev.lanewise.kernels.depthwise;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;

/**
 * The sums of the gradient by filter for one block of 16 channels and some kernel rows.
 *
 * <pre>
 * sums[kernel row][tap][c] += sum over rows and pixels of grad[row][pixel][c]
 *                             * in[row * inRow + kernel row * kernelRow + pixel's first + tap][c]
 * </pre>
 *
 * Each sum is a single chain of fused multiply-adds over the rows and their pixels.
 */
abstract class TapSums {

  private final int lanes;

  TapSums(int lanes) {
    this.lanes = lanes;
  }

  /** The implementation for this machine's lanes. */
  static TapSums get() {
    return Holder.INSTANCE;
  }

  /** Kernel rows that a call sums: three of a kernel of width 3, else one. */
  static int kernelRows(int kernel) {
    return kernel == 3 ? 3 : 1;
  }

  /**
   * Adds to the sums of all 16 channels.
   *
   * @param kernel taps of a kernel row: 1, 3, 5 or 7
   * @param stride pixels from one output pixel's input to the next one's: 1 or 2; 0 for the general
   *     form of one tap
   * @param pixelStep the same in floats, for the general form
   * @param in input with its padding
   * @param inRow floats from one output row's input to the next one's
   * @param kernelRow floats from one kernel row's input to the next one's
   */
  final void addBlock(
      int kernel,
      int stride,
      int pixelStep,
      int rows,
      int pixels,
      float[] in,
      int inBase,
      int inRow,
      int kernelRow,
      float[] grad,
      int gradBase,
      int gradRow,
      float[] sums,
      int sumsBase) {
    for (int c = 0; c < Layout.BLOCK; c += lanes) {
      add(
          kernel,
          stride,
          pixelStep,
          rows,
          pixels,
          in,
          inBase + c,
          inRow,
          kernelRow,
          grad,
          gradBase + c,
          gradRow,
          sums,
          sumsBase + c);
    }
  }

  /** As many channels as there are lanes of {@link #addBlock}. */
  abstract void add(
      int kernel,
      int stride,
      int pixelStep,
      int rows,
      int pixels,
      float[] in,
      int inBase,
      int inRow,
      int kernelRow,
      float[] grad,
      int gradBase,
      int gradRow,
      float[] sums,
      int sumsBase);

  /** Loads the class of one lane width only: the others may need a module that is not there. */
  private static final class Holder {
    static final TapSums INSTANCE =
        switch (Lanes.LANES) {
          case 16 -> new TapSums16();
          case 8 -> new TapSums8();
          case 4 -> new TapSums4();
          default -> new Scalar();
        };
  }

  /** Without the Vector API, with the same sums in the same order. */
  private static final class Scalar extends TapSums {

    Scalar() {
      super(Layout.BLOCK);
    }

    @Override
    void add(
        int kernel,
        int stride,
        int pixelStep,
        int rows,
        int pixels,
        float[] in,
        int inBase,
        int inRow,
        int kernelRow,
        float[] grad,
        int gradBase,
        int gradRow,
        float[] sums,
        int sumsBase) {
      for (int t = 0; t < kernelRows(kernel) * kernel; t++) {
        int tap = inBase + t / kernel * kernelRow + t % kernel * Layout.BLOCK;
        for (int i = 0; i < rows * pixels; i++) {
          int x = tap + i / pixels * inRow + i % pixels * pixelStep;
          int g = gradBase + i / pixels * gradRow + i % pixels * Layout.BLOCK;
          for (int c = 0; c < Layout.BLOCK; c++) {
            int s = sumsBase + t * Layout.BLOCK + c;
            sums[s] =
                Lanes.FMA
                    ? Math.fma(in[x + c], grad[g + c], sums[s])
                    : in[x + c] * grad[g + c] + sums[s];
          }
        }
      }
    }
  }
}
