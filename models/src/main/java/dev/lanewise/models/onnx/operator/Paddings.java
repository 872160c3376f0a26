package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.ElementType;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Shapes;
import dev.lanewise.models.onnx.tensor.Unsupported;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.op.Pad;
import java.util.Arrays;

/** Elements around a tensor. */
final class Paddings {

  /** Stands for the constant in a table of source indices. */
  private static final int OUTSIDE = -1;

  private Paddings() {}

  static void register(Operators operators) {
    operators.add("Pad", Paddings::pad);
    operators.translate("Pad", Paddings::open);
  }

  /**
   * How many elements go before and after those of each axis; fewer than none are cut off.
   *
   * @param dims of the result
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  private record Amounts(int[] before, int[] after, int[] dims) {}

  private static Amounts amounts(Call call, int... old) {
    int[] pads =
        call.integers("pads", 1).orElseThrow(() -> new IllegalArgumentException("Pad lacks pads"));
    int[] axes =
        call.optional(3)
            .map(given -> Shapes.axes(given.ints("axes"), old.length))
            .orElseGet(() -> Shapes.range(old.length));
    Check.that(pads.length == 2 * axes.length, "%d pads for %d axes", pads.length, axes.length);
    int[] dims = old.clone();
    int[] before = new int[old.length];
    int[] after = new int[old.length];
    for (int i = 0; i < axes.length; i++) {
      before[axes[i]] = pads[i];
      after[axes[i]] = pads[i + axes.length];
      long padded = (long) dims[axes[i]] + pads[i] + pads[i + axes.length];
      Check.that(
          padded >= 0,
          "padding takes %d from axis %d of %s",
          -padded,
          axes[i],
          Arrays.toString(old));
      dims[axes[i]] = Shapes.toInt("padded size", padded);
    }
    return new Amounts(before, after, dims);
  }

  private static OnnxTensor pad(Call call) {
    OnnxTensor x = call.input(0);
    Amounts amounts = amounts(call, x.dims());
    OnnxTensor fill = call.optional(2).orElseGet(() -> constant(call.real("value", 0), x));
    return padded(x, call.text("mode", "constant"), amounts.before, fill, amounts.dims);
  }

  /** Channels of zeros at the end, or a constant around the pixels. */
  private static Operand open(Call call, Nodes nodes) {
    Operand.Open x = call.open();
    Amounts amounts = amounts(call, x.dims());
    int rank = x.dims().length;
    float fill = call.optional(2).map(given -> (float) given.real(0)).orElse(call.real("value", 0));
    if (rank < 3
        || rank > 5
        || !"constant".equals(call.text("mode", "constant"))
        || !isNothing(amounts.before, 0, 2)
        || !isNothing(amounts.after, 0, 1)
        || Arrays.stream(amounts.before).anyMatch(count -> count < 0)
        || Arrays.stream(amounts.after).anyMatch(count -> count < 0)) {
      return null;
    }
    boolean channels = amounts.after[1] > 0;
    boolean pixels = !isNothing(amounts.before, 2, rank) || !isNothing(amounts.after, 2, rank);
    if (channels) {
      boolean zeros = fill == 0 && !pixels;
      return zeros
          ? nodes.add(call, new Operator.PadChannels(amounts.dims[1]), amounts.dims, x)
          : null;
    }
    int[] before = Arrays.copyOfRange(amounts.before, 2, rank);
    int[] after = Arrays.copyOfRange(amounts.after, 2, rank);
    return nodes.some(
        call,
        x.type(),
        amounts.dims,
        (read, context) -> Pad.constant(read.getFirst(), before, after, fill, context));
  }

  private static boolean isNothing(int[] counts, int from, int to) {
    return Arrays.stream(counts, from, to).allMatch(count -> count == 0);
  }

  private static OnnxTensor padded(
      OnnxTensor x, String mode, int[] before, OnnxTensor fill, int... dims) {
    int[] own = Shapes.strides(x.dims());
    int[] strides = Shapes.strides(dims);
    return x.pick(
        dims,
        index -> {
          int source = 0;
          for (int axis = 0; axis < dims.length; axis++) {
            int place = index / strides[axis] % dims[axis] - before[axis];
            int from = inside(mode, place, x.dims()[axis]);
            if (from == OUTSIDE) {
              return OUTSIDE;
            }
            source += from * own[axis];
          }
          return source;
        },
        fill);
  }

  private static OnnxTensor constant(double value, OnnxTensor like) {
    return OnnxTensor.ofReals(ElementType.DOUBLE, new double[] {value}).cast(like.type());
  }

  /** The place of a size that a place outside of it repeats, or {@link #OUTSIDE}. */
  private static int inside(String mode, int place, int size) {
    if (place >= 0 && place < size) {
      return place;
    }
    Check.that(size > 0 || "constant".equals(mode), "padding of mode %s of an empty axis", mode);
    return switch (mode) {
      case "constant" -> OUTSIDE;
      case "edge" -> Math.clamp(place, 0, size - 1);
      case "wrap" -> Math.floorMod(place, size);
      case "reflect" -> {
        int period = Math.max(1, 2 * (size - 1));
        int within = Math.floorMod(place, period);
        yield Math.min(within, period - within);
      }
      default -> throw new Unsupported("Pad of mode " + mode);
    };
  }
}
