package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.transposed.TransposedAxis;
import dev.lanewise.models.onnx.tensor.Shapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The spatial attributes of ConvTranspose, of which some follow from others. */
final class TransposedWindows {

  private TransposedWindows() {}

  /**
   * The spatial dimensions of a call.
   *
   * @param dims of the input, {@code [batch, channels, spatial...]}
   * @param kernel sizes, one for each spatial dimension
   */
  static List<TransposedAxis> of(Call call, int[] dims, int... kernel) {
    int rank = kernel.length;
    Check.that(
        rank >= 1 && rank <= 3, "%s has 1 to 3 spatial dimensions, not %d", call.operator(), rank);
    int[] strides = Windows.values(call, "strides", rank, 1);
    int[] dilations = Windows.values(call, "dilations", rank, 1);
    int[] pads = Windows.values(call, "pads", 2 * rank, 0);
    int[] more = Windows.values(call, "output_padding", rank, 0);
    Optional<int[]> sizes = call.integers("output_shape").map(shape -> spatial(shape, rank));
    String auto = call.text("auto_pad", "NOTSET");
    boolean same = auto.startsWith("SAME_");
    Check.that(
        same || "NOTSET".equals(auto) || "VALID".equals(auto), "auto_pad %s does not exist", auto);
    List<TransposedAxis> axes = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      TransposedAxis open =
          new TransposedAxis(dims[2 + i], kernel[i], strides[i], 0, 0, more[i], dilations[i]);
      if (sizes.isPresent()) {
        axes.add(sized(open, sizes.get()[i], "SAME_UPPER".equals(auto)));
      } else if (same) {
        int size = Math.multiplyExact(open.input(), open.stride());
        axes.add(sized(open, size, "SAME_UPPER".equals(auto)));
      } else {
        axes.add(open.withPadding(pads[i], pads[i + rank]));
      }
    }
    return axes;
  }

  /** Some models state batch and channels too. */
  private static int[] spatial(int[] shape, int rank) {
    Check.that(
        shape.length == rank || shape.length == rank + 2,
        "output_shape %s of %d spatial dimensions",
        Arrays.toString(shape),
        rank);
    return Arrays.copyOfRange(shape, shape.length - rank, shape.length);
  }

  /** Padding with which the output has a size; what no tap reaches is appended to it. */
  private static TransposedAxis sized(TransposedAxis open, int size, boolean upper) {
    Check.that(size >= 1, "output_shape %d", size);
    int total = Math.subtractExact(open.output(), size);
    if (total < 0) {
      int appended = Shapes.toInt("output_padding", (long) open.outputPadding() - total);
      return open.withOutputPadding(appended);
    }
    int less = total / 2;
    return upper ? open.withPadding(less, total - less) : open.withPadding(total - less, less);
  }
}
