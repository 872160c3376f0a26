package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.padding.Padding;
import dev.lanewise.kernels.shape.PaddingMode;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;
import java.util.List;

/** Images with more elements before and after each spatial axis, in layout NCHW16C. */
public final class Pad extends Operation {

  private record Problem(
      List<Integer> dims,
      List<Integer> before,
      List<Integer> after,
      PaddingMode mode,
      float value) {}

  private final Padding padding;

  private Pad(Padding padding, Context context, Tensor x) {
    super(context, x);
    this.padding = padding;
  }

  /**
   * Pads by zeros, or by elements of the image itself.
   *
   * @param input {@code [n, c, spatial...]}
   * @param before how many before the first element of each spatial axis
   * @param after how many after the last
   * @throws IllegalArgumentException if there is not a number for each axis, one is negative, or
   *     the mode cannot fill it
   */
  public static Tensor apply(
      Tensor input, int[] before, int[] after, PaddingMode mode, Context context) {
    return apply(input, before, after, mode, 0, context);
  }

  /** Pads by a constant; otherwise as {@link #apply}. */
  public static Tensor constant(
      Tensor input, int[] before, int[] after, float value, Context context) {
    return apply(input, before, after, PaddingMode.ZERO, value, context);
  }

  private static Tensor apply(
      Tensor input, int[] before, int[] after, PaddingMode mode, float value, Context context) {
    Tensor x = Relayout.apply(input, Layout.NCHW16C, context);
    int[] dims = x.shape();
    Padding padding =
        context.plan(
            new Problem(boxed(dims), boxed(before), boxed(after), mode, value),
            _ ->
                value == 0
                    ? Padding.of(dims, before, after, mode, context.workers())
                    : Padding.constant(dims, before, after, value, context.workers()));
    float[] out = context.buffer(padding.paddedLength());
    padding.run(x.data(), out);
    return new Pad(padding, context, x).output(Layout.NCHW16C, out, padding.paddedDims());
  }

  private static List<Integer> boxed(int... values) {
    return Arrays.stream(values).boxed().toList();
  }

  @Override
  protected boolean keepsInput(int index) {
    return false;
  }

  @Override
  protected boolean keepsOutput() {
    return false;
  }

  @Override
  protected void backward(Tensor y) {
    gradient(0, dx -> padding.backward(y.grad(), dx));
  }
}
