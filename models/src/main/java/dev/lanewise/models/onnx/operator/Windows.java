package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The window that convolutions and poolings move over the spatial dimensions. */
final class Windows {

  private Windows() {}

  /**
   * The attributes {@code strides}, {@code dilations}, {@code pads} and {@code auto_pad} of a call.
   *
   * @param dims of the input, {@code [batch, channels, spatial...]}
   * @param kernel sizes, one for each spatial dimension
   */
  static List<Axis> of(Call call, int[] dims, int... kernel) {
    int rank = rank(call, dims);
    Check.that(
        kernel.length == rank,
        "kernel_shape %s of an input %s",
        Arrays.toString(kernel),
        Arrays.toString(dims));
    int[] strides = values(call, "strides", rank, 1);
    int[] dilations = values(call, "dilations", rank, 1);
    int[] pads = values(call, "pads", 2 * rank, 0);
    String auto = call.text("auto_pad", "NOTSET");
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      Axis open = new Axis(dims[2 + i], kernel[i], strides[i], 0, 0, dilations[i]);
      axes.add(
          switch (auto) {
            case "NOTSET" -> open.withPadding(pads[i], pads[i + rank]);
            case "VALID" -> open;
            case "SAME_UPPER" -> same(open, true);
            case "SAME_LOWER" -> same(open, false);
            default -> throw new IllegalArgumentException("auto_pad " + auto + " does not exist");
          });
    }
    return axes;
  }

  /** The attribute {@code kernel_shape}, which must be there. */
  static int[] kernel(Call call) {
    return call.integers("kernel_shape")
        .orElseThrow(() -> new IllegalArgumentException(call.operator() + " lacks kernel_shape"));
  }

  /** The number of spatial dimensions, of which the kernels know 1 to 3. */
  static int rank(Call call, int... dims) {
    int rank = dims.length - 2;
    Check.that(
        rank >= 1 && rank <= 3, "%s has 1 to 3 spatial dimensions, not %d", call.operator(), rank);
    return rank;
  }

  /** Padding with which the output has {@code ceil(input / stride)} elements. */
  private static Axis same(Axis open, boolean upper) {
    int total = open.samePadding();
    int less = total / 2;
    return upper ? open.withPadding(less, total - less) : open.withPadding(total - less, less);
  }

  /** An attribute with one value an axis, or as many times the same. */
  static int[] values(Call call, String name, int count, int otherwise) {
    int[] values =
        call.integers(name)
            .orElseGet(
                () -> {
                  int[] same = new int[count];
                  Arrays.fill(same, otherwise);
                  return same;
                });
    Check.that(
        values.length == count,
        "%s has %d values, %s needs %d",
        name,
        values.length,
        call.operator(),
        count);
    return values;
  }

  /**
   * Requires that the outputs and the work of all windows are within the limits, before tables are
   * made for them.
   *
   * @param channels of the output
   * @param terms of each output element, the taps of the kernel left out
   */
  static void check(Call call, List<Axis> axes, int batch, int channels, long terms) {
    int[] dims = new int[2 + axes.size()];
    dims[0] = batch;
    dims[1] = channels;
    double taps = terms;
    for (int i = 0; i < axes.size(); i++) {
      // Ceil mode adds at most one.
      dims[2 + i] = Math.addExact(axes.get(i).output(), 1);
      taps *= axes.get(i).kernel();
    }
    call.spendOnKernels(Images.size(dims), taps);
  }
}
