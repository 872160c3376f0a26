package dev.lanewise.verify.onnx;

import dev.lanewise.models.onnx.tensor.OnnxTensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * The comparison of ONNX's own backend test runner: equal types and dimensions, and {@code |actual
 * - expected| <= 1e-7 + 1e-3 |expected|} for each element, where a NaN equals a NaN and an infinity
 * itself. Whole numbers and booleans, to which the runner grants the same, must be equal here.
 */
final class Comparison {

  private static final double RELATIVE = 1e-3;
  private static final double ABSOLUTE = 1e-7;

  private Comparison() {}

  /** What is wrong with a tensor, if anything is. */
  static Optional<String> fault(OnnxTensor expected, OnnxTensor actual) {
    if (expected.type() != actual.type() || !Arrays.equals(expected.dims(), actual.dims())) {
      return Optional.of("expected %s, is %s".formatted(expected, actual));
    }
    for (int i = 0; i < expected.size(); i++) {
      if (!agree(expected, actual, i)) {
        return Optional.of(
            "element %d: expected %s, is %s".formatted(i, text(expected, i), text(actual, i)));
      }
    }
    return Optional.empty();
  }

  private static boolean agree(OnnxTensor expected, OnnxTensor actual, int index) {
    if (!expected.isReal()) {
      return expected.whole(index) == actual.whole(index);
    }
    double wanted = expected.real(index);
    double is = actual.real(index);
    if (Double.isNaN(wanted) || Double.isInfinite(wanted)) {
      return Double.compare(wanted, is) == 0;
    }
    return Math.abs(is - wanted) <= ABSOLUTE + RELATIVE * Math.abs(wanted);
  }

  private static String text(OnnxTensor tensor, int index) {
    return tensor.isReal()
        ? Float.toString((float) tensor.real(index))
        : Long.toString(tensor.whole(index));
  }
}
