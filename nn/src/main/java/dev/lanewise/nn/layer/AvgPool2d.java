package dev.lanewise.nn.layer;

import dev.lanewise.nn.op.Pooling;

/** The mean of each window. */
public final class AvgPool2d extends Pool2d {

  /** Square windows side by side, without padding. */
  public AvgPool2d(int kernel) {
    this(kernel, kernel, 0, false, true);
  }

  /**
   * Square windows.
   *
   * @param ceilMode whether a partial last window is kept
   * @param countIncludePad whether padding counts as zeros or not at all
   */
  public AvgPool2d(int kernel, int stride, int padding, boolean ceilMode, boolean countIncludePad) {
    super(
        countIncludePad ? Pooling.Kind.AVERAGE : Pooling.Kind.AVERAGE_WITHOUT_PADDING,
        kernel,
        stride,
        padding,
        ceilMode);
  }
}
