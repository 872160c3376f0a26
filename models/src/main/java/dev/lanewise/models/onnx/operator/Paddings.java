package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.ElementType;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Shapes;
import dev.lanewise.models.onnx.tensor.Unsupported;

/** Elements around a tensor. */
final class Paddings {

  /** Stands for the constant in a table of source indices. */
  private static final int OUTSIDE = -1;

  private Paddings() {}

  static void register(Operators operators) {
    operators.add("Pad", Paddings::pad);
  }

  private static OnnxTensor pad(Call call) {
    OnnxTensor x = call.input(0);
    int[] pads =
        call.integers("pads", 1).orElseThrow(() -> new IllegalArgumentException("Pad lacks pads"));
    int[] axes =
        call.optional(3)
            .map(given -> Shapes.axes(given.ints("axes"), x.rank()))
            .orElseGet(() -> Shapes.range(x.rank()));
    Check.that(pads.length == 2 * axes.length, "%d pads for %d axes", pads.length, axes.length);
    OnnxTensor fill = call.optional(2).orElseGet(() -> constant(call.real("value", 0), x));
    int[] dims = x.dims().clone();
    int[] before = new int[x.rank()];
    for (int i = 0; i < axes.length; i++) {
      before[axes[i]] = pads[i];
      long padded = (long) dims[axes[i]] + pads[i] + pads[i + axes.length];
      Check.that(padded >= 0, "padding takes %d from axis %d of %s", -padded, axes[i], x);
      dims[axes[i]] = Shapes.toInt("padded size", padded);
    }
    return padded(x, call.text("mode", "constant"), before, fill, dims);
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
