package dev.lanewise.kernels.shape;

/**
 * One spatial dimension of a convolution or pooling window.
 *
 * @param input input size in elements
 * @param kernel kernel size in taps
 * @param stride distance between neighbouring windows
 * @param padBefore implicit elements before the first
 * @param padAfter implicit elements after the last
 * @param dilation distance between neighbouring taps; 1 is a dense kernel
 */
public record Axis(int input, int kernel, int stride, int padBefore, int padAfter, int dilation) {

  /**
   * Validates the axis.
   *
   * <p>Whether the kernel fits is asked only with {@link #output()}, so that padding may be given
   * after the kernel.
   *
   * @throws IllegalArgumentException if a size, stride or dilation is below 1, a padding negative,
   *     or the padded input or the dilated kernel exceeds 2^31 - 1
   */
  public Axis {
    Check.positive("input", input);
    Check.positive("kernel", kernel);
    Check.positive("stride", stride);
    Check.positive("dilation", dilation);
    Check.notNegative("padBefore", padBefore);
    Check.notNegative("padAfter", padAfter);
    long extent = (kernel - 1L) * dilation + 1;
    long padded = (long) input + padBefore + padAfter;
    Check.that(extent <= Integer.MAX_VALUE, "kernel extent %d exceeds 2^31 - 1", extent);
    Check.that(padded <= Integer.MAX_VALUE, "padded input %d exceeds 2^31 - 1", padded);
  }

  /** A dense window of {@code kernel} taps, stride 1, without padding. */
  public static Axis of(int input, int kernel) {
    return new Axis(input, kernel, 1, 0, 0, 1);
  }

  /** This axis with another stride. */
  public Axis withStride(int value) {
    return new Axis(input, kernel, value, padBefore, padAfter, dilation);
  }

  /** This axis with other padding. */
  public Axis withPadding(int before, int after) {
    return new Axis(input, kernel, stride, before, after, dilation);
  }

  /** This axis with another dilation. */
  public Axis withDilation(int value) {
    return new Axis(input, kernel, stride, padBefore, padAfter, value);
  }

  /** Elements from the first to the last tap of a window, inclusive. */
  public int extent() {
    return (kernel - 1) * dilation + 1;
  }

  /**
   * Padding in all with which the output is {@code ceil(input / stride)}; 0 if none is needed.
   *
   * @throws IllegalArgumentException if it exceeds 2^31 - 1
   */
  public int samePadding() {
    long windows = Math.ceilDiv(input, stride);
    long total = Math.max(0, (windows - 1) * stride + extent() - input);
    Check.that(total <= Integer.MAX_VALUE, "padding %d exceeds 2^31 - 1", total);
    return (int) total;
  }

  /** Input size with its padding. */
  public int padded() {
    return input + padBefore + padAfter;
  }

  /** Whether the dilated kernel is no larger than the padded input. */
  public boolean fits() {
    return extent() <= padded();
  }

  /**
   * Number of windows, rounded down.
   *
   * @throws IllegalArgumentException if the dilated kernel is larger than the padded input
   */
  public int output() {
    if (!fits()) {
      throw tooLarge();
    }
    return (padded() - extent()) / stride + 1;
  }

  /** Made here: boxed values in every inlined caller cost C2 seconds, and loops call this. */
  private IllegalArgumentException tooLarge() {
    return new IllegalArgumentException(
        ("kernel extent %d (kernel=%d, dilation=%d) exceeds padded input %d (input=%d, padding %d"
                + " and %d)")
            .formatted(extent(), kernel, dilation, padded(), input, padBefore, padAfter));
  }

  /**
   * Input position of a tap of a window; negative or at least {@link #input} inside the padding.
   */
  public int position(int window, int tap) {
    return window * stride - padBefore + tap * dilation;
  }

  /** First tap of a window that does not fall before the input. */
  public int firstTap(int window) {
    int start = window * stride - padBefore;
    return start >= 0 ? 0 : Math.min(kernel, (-start + dilation - 1) / dilation);
  }

  /** One past the last tap of a window that does not fall after the input. */
  public int endTap(int window) {
    int room = input - (window * stride - padBefore);
    return room <= 0 ? 0 : Math.min(kernel, (room + dilation - 1) / dilation);
  }
}
