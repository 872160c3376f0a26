package dev.lanewise.nn.layer;

import dev.lanewise.nn.op.Pooling;

/** The greatest value of each window; padding never wins. */
public final class MaxPool2d extends Pool2d {

  /** Square windows side by side, without padding. */
  public MaxPool2d(int kernel) {
    this(kernel, kernel, 0, false);
  }

  /** Square windows; {@code ceilMode} keeps a partial last window. */
  public MaxPool2d(int kernel, int stride, int padding, boolean ceilMode) {
    super(Pooling.Kind.MAX, kernel, stride, padding, ceilMode);
  }
}
