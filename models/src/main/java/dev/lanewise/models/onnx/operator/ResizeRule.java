package dev.lanewise.models.onnx.operator;

import dev.lanewise.models.onnx.tensor.Unsupported;
import java.util.Arrays;

/**
 * How Resize finds a coordinate in the input and interpolates there; the formulas are those of
 * ONNX's definition of the operator.
 *
 * @param mode nearest, linear or cubic
 * @param transformation from output to input coordinates
 * @param nearest which neighbour counts where two are near
 * @param cubic coefficient a of the cubic
 * @param excludeOutside whether weights outside the input become zero
 * @param antialias whether a filter stretches when it shrinks the image
 */
record ResizeRule(
    String mode,
    String transformation,
    String nearest,
    double cubic,
    boolean excludeOutside,
    boolean antialias) {

  private static final float CUBIC = -0.75f;

  ResizeRule(String mode, String transformation, String nearest) {
    this(mode, transformation, nearest, CUBIC, false, false);
  }

  static ResizeRule of(Call call) {
    return new ResizeRule(
            call.text("mode", "nearest"),
            call.text("coordinate_transformation_mode", "half_pixel"),
            call.text("nearest_mode", "round_prefer_floor"),
            call.real("cubic_coeff_a", CUBIC),
            call.flag("exclude_outside", false),
            call.flag("antialias", false))
        .checked();
  }

  /**
   * This rule, if it exists.
   *
   * @throws Unsupported if the mode does not
   */
  ResizeRule checked() {
    return switch (mode) {
      case "nearest", "linear", "cubic" -> this;
      default -> throw new Unsupported("Resize of mode " + mode);
    };
  }

  /** Whether a region of the input is resized instead of all of it. */
  boolean crops() {
    return "tf_crop_and_resize".equals(transformation);
  }

  /**
   * The input coordinate of an output index.
   *
   * @param size of the output
   * @param start of the region along this axis, as a fraction of the input
   */
  double coordinate(int index, int input, int size, double scale, double start, double end) {
    double exact = scale * input;
    double halfPixel = (index + 0.5) / scale - 0.5;
    return switch (transformation) {
      case "half_pixel" -> halfPixel;
      case "half_pixel_symmetric" -> input / 2.0 * (1 - size / exact) + halfPixel;
      case "pytorch_half_pixel" -> size == 1 ? -0.5 : halfPixel;
      case "asymmetric" -> index / scale;
      case "align_corners" -> exact == 1 ? 0 : index * (input - 1) / (exact - 1);
      case "tf_crop_and_resize" ->
          start * (input - 1)
              + (exact == 1
                  ? (end - start) * (input - 1) / 2
                  : index * (end - start) * (input - 1) / (exact - 1));
      default -> throw new Unsupported("Resize of transformation " + transformation);
    };
  }

  /**
   * Weights of an even number of neighbours, of which the middle two enclose the coordinate.
   *
   * @param ratio distance of the coordinate from the left one of those two, above 0, at most 1
   */
  double[] weights(double ratio, double scale) {
    return switch (mode) {
      case "nearest" -> isLeft(ratio) ? new double[] {1, 0} : new double[] {0, 1};
      case "linear" -> filter(1, ratio, scale);
      default -> filter(2, ratio, scale);
    };
  }

  private boolean isLeft(double ratio) {
    if (ratio == 1) {
      return false;
    }
    return switch (nearest) {
      case "round_prefer_floor" -> ratio <= 0.5;
      case "round_prefer_ceil" -> ratio < 0.5;
      case "floor" -> true;
      case "ceil" -> false;
      default -> throw new Unsupported("Resize of nearest_mode " + nearest);
    };
  }

  private double[] filter(int radius, double ratio, double scale) {
    double shrink = antialias ? Math.min(scale, 1) : 1;
    int start = (int) Math.floor(-radius / shrink) + 1;
    double[] weights = new double[2 - 2 * start];
    Arrays.setAll(weights, i -> at(shrink * Math.abs(start + i - ratio)));
    return antialias ? normalised(weights) : weights;
  }

  /** Weights that sum to 1. */
  static double[] normalised(double... weights) {
    double sum = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(weight -> weight / sum).toArray();
  }

  private double at(double x) {
    if ("linear".equals(mode)) {
      return Math.max(0, 1 - x);
    }
    double a = cubic;
    if (x <= 1) {
      return ((a + 2) * x - (a + 3)) * x * x + 1;
    }
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
  }
}
