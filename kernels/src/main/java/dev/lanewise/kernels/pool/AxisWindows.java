package dev.lanewise.kernels.pool;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The windows along one spatial dimension.
 *
 * @param input elements of the input
 * @param dilation distance between neighbouring taps
 * @param first input position of each window's first tap inside the input
 * @param taps how many taps of each window lie inside the input
 * @param counted how many an average counts if it counts padding
 */
@SuppressWarnings("ArrayRecordComponent") // read while a plan is made; never compared
record AxisWindows(int input, int dilation, int[] first, int[] taps, int[] counted) {

  /** A dimension that is not there. */
  static final AxisWindows NONE = of(Axis.of(1, 1), 1);

  static AxisWindows of(Axis axis, int windows) {
    return new AxisWindows(
        axis.input(),
        axis.dilation(),
        each(windows, w -> axis.position(w, axis.firstTap(w))),
        each(windows, w -> axis.endTap(w) - axis.firstTap(w)),
        each(windows, w -> counted(axis, w)));
  }

  private static int counted(Axis axis, int window) {
    int end = axis.input() + axis.padAfter();
    return (int)
        IntStream.range(0, axis.kernel()).filter(t -> axis.position(window, t) < end).count();
  }

  /**
   * Windows of nearly equal size that cover the input: the one of number i begins at floor(i *
   * input / output) and ends before ceil((i + 1) * input / output), as PyTorch's do.
   */
  static AxisWindows adaptive(int input, int output) {
    Check.positive("output size", output);
    IntUnaryOperator start = w -> (int) ((long) w * input / output);
    IntUnaryOperator end = w -> Math.toIntExact(Math.ceilDiv((w + 1L) * input, output));
    int[] taps = each(output, w -> end.applyAsInt(w) - start.applyAsInt(w));
    return new AxisWindows(input, 1, each(output, start), taps, taps);
  }

  private static int[] each(int windows, IntUnaryOperator value) {
    return IntStream.range(0, windows).map(value).toArray();
  }

  int windows() {
    return first.length;
  }

  /** The taps of a window, as far as it matters to what is done with them. */
  record Window(int taps, int counted) {}

  Window window(int index) {
    return new Window(taps[index], counted[index]);
  }
}
