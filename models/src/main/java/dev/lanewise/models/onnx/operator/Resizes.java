package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Shapes;
import dev.lanewise.models.onnx.tensor.Unsupported;
import dev.lanewise.nn.op.Upsample;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/** Resize and its older form, Upsample: one axis after the other. */
final class Resizes {

  private Resizes() {}

  static void register(Operators operators) {
    operators.add("Resize", Resizes::resize);
    operators.add("Upsample", Resizes::upsample);
  }

  private static OnnxTensor upsample(Call call) {
    OnnxTensor x = call.input(0);
    double[] scales =
        call.optional(1)
            .map(OnnxTensor::reals)
            .or(() -> call.reals("scales"))
            .orElseThrow(() -> new IllegalArgumentException("Upsample lacks scales"));
    return simple(call, x, scales);
  }

  /** What Resize was in operator set 10, and Upsample before. */
  private static OnnxTensor simple(Call call, OnnxTensor x, double... scales) {
    Check.that(scales.length == x.rank(), "%d scales of %s", scales.length, x);
    String mode = call.text("mode", "nearest");
    ResizeRule rule =
        new ResizeRule("bilinear".equals(mode) ? "linear" : mode, "asymmetric", "floor").checked();
    OnnxTensor y = x;
    for (int axis = 0; axis < scales.length; axis++) {
      int size = size(scales[axis] * x.dims()[axis]);
      y = ResizeAxis.of(rule, x.dims()[axis], size, scales[axis]).apply(call, y, axis);
    }
    return y;
  }

  private static OnnxTensor resize(Call call) {
    OnnxTensor x = call.input(0);
    if (call.opset() < 11) {
      return simple(call, x, call.input(1).reals());
    }
    int[] axes =
        call.integers("axes")
            .map(given -> Shapes.axes(given, x.rank()))
            .orElseGet(() -> Shapes.range(x.rank()));
    int[] dims = IntStream.of(axes).map(axis -> x.dims()[axis]).toArray();
    Optional<double[]> given = values(call, 2);
    int[] sizes = new int[axes.length];
    double[] scales;
    if (given.isPresent()) {
      scales = given.get();
      Check.that(scales.length == axes.length, "%d scales of %s", scales.length, x);
      Arrays.setAll(sizes, i -> size(scales[i] * dims[i]));
    } else {
      int[] asked = call.input(3).ints("sizes");
      Check.that(asked.length == axes.length, "%d sizes of %s", asked.length, x);
      scales = scales(call.text("keep_aspect_ratio_policy", "stretch"), asked, dims);
      Arrays.setAll(sizes, i -> size(Math.floor(scales[i] * dims[i] + 0.5)));
    }
    return resized(call, x, axes, sizes, scales);
  }

  private static OnnxTensor resized(
      Call call, OnnxTensor x, int[] axes, int[] sizes, double... scales) {
    ResizeRule rule = ResizeRule.of(call);
    double[] roi = rule.crops() ? call.input(1).reals() : new double[2 * axes.length];
    Check.that(roi.length == 2 * axes.length, "roi of %d numbers of %s", roi.length, x);
    OnnxTensor y = x;
    boolean[][] outside = new boolean[x.rank()][];
    for (int i = 0; i < axes.length; i++) {
      ResizeAxis axis =
          ResizeAxis.of(rule, x.dims()[axes[i]], sizes[i], scales[i], roi[i], roi[i + axes.length]);
      outside[axes[i]] = axis.outside();
      y = axis.apply(call, y, axes[i]);
    }
    return rule.crops() ? extrapolated(y, call.real("extrapolation_value", 0), outside) : y;
  }

  /**
   * The dimensions after a resize of all of an image, if they are easily told.
   *
   * @param dims of the input
   */
  static Optional<int[]> size(Call call, int... dims) {
    boolean first = call.opset() < 11 || "Upsample".equals(call.operator());
    Optional<double[]> scales = values(call, first ? 1 : 2).or(() -> call.reals("scales"));
    int[] sizes = new int[dims.length];
    if (scales.isPresent()) {
      if (scales.get().length != dims.length || call.has("axes")) {
        return Optional.empty();
      }
      Arrays.setAll(sizes, i -> size(scales.get()[i] * dims[i]));
      return Optional.of(sizes);
    }
    boolean stretched =
        "stretch".equals(call.text("keep_aspect_ratio_policy", "stretch")) && !call.has("axes");
    return call.optional(3)
        .map(asked -> asked.ints("sizes"))
        .filter(asked -> stretched && asked.length == dims.length);
  }

  /** The mode of ours that gives the same for whole multiples of a size. */
  static Optional<Upsample.Mode> mode(Call call) {
    if (call.flag("antialias", false) || call.flag("exclude_outside", false)) {
      return Optional.empty();
    }
    boolean old = call.opset() < 11 || "Upsample".equals(call.operator());
    String mode = call.text("mode", "nearest");
    String transformation =
        old ? "asymmetric" : call.text("coordinate_transformation_mode", "half_pixel");
    String nearest = old ? "floor" : call.text("nearest_mode", "round_prefer_floor");
    return switch (mode + " " + transformation) {
      case "nearest asymmetric" ->
          "floor".equals(nearest) ? Optional.of(Upsample.Mode.NEAREST) : Optional.empty();
      // Centres of the finer pixels never lie half way between those of the coarser.
      case "nearest half_pixel", "nearest pytorch_half_pixel" ->
          nearest.startsWith("round_") ? Optional.of(Upsample.Mode.NEAREST) : Optional.empty();
      case "linear half_pixel", "linear pytorch_half_pixel" -> Optional.of(Upsample.Mode.BILINEAR);
      case "linear align_corners" -> Optional.of(Upsample.Mode.BILINEAR_ALIGNED);
      default -> Optional.empty();
    };
  }

  private static Optional<double[]> values(Call call, int input) {
    return call.optional(input).map(OnnxTensor::reals).filter(values -> values.length > 0);
  }

  private static double[] scales(String policy, int[] sizes, int... dims) {
    double[] scales = new double[sizes.length];
    for (int i = 0; i < scales.length; i++) {
      Check.that(dims[i] > 0 && sizes[i] > 0, "Resize of %d elements to %d", dims[i], sizes[i]);
      scales[i] = (double) sizes[i] / dims[i];
    }
    switch (policy) {
      case "stretch" -> {}
      case "not_larger" -> Arrays.fill(scales, Arrays.stream(scales).min().orElse(1));
      case "not_smaller" -> Arrays.fill(scales, Arrays.stream(scales).max().orElse(1));
      default -> throw new Unsupported("Resize of policy " + policy);
    }
    return scales;
  }

  private static int size(double size) {
    Check.that(size >= 1 && size <= Integer.MAX_VALUE, "Resize to %s elements", size);
    return (int) size;
  }

  /** Where a coordinate along any axis fell outside, the result is a constant. */
  private static OnnxTensor extrapolated(OnnxTensor y, double value, boolean[]... outside) {
    int[] strides = Shapes.strides(y.dims());
    OnnxTensor fill = OnnxTensor.ofReals(y.type(), new double[] {value});
    return y.pick(
        y.dims(),
        index -> {
          for (int axis = 0; axis < outside.length; axis++) {
            if (outside[axis] != null && outside[axis][index / strides[axis] % y.dims()[axis]]) {
              return -1;
            }
          }
          return index;
        },
        fill);
  }
}
