package dev.lanewise.models.onnx.tensor;

import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;
import java.util.Optional;

/**
 * How far tensors may differ: equal types and dimensions, and {@code |actual - expected| <=
 * absolute + relative |expected|} for each element, where a NaN equals a NaN and an infinity
 * itself. Whole numbers and booleans must be equal.
 *
 * @param relative at least 0
 * @param absolute at least 0
 */
public record Tolerance(double relative, double absolute) {

  /** That of ONNX's own backend test runner. */
  public static final Tolerance OF_TESTS = new Tolerance(1e-3, 1e-7);

  /** Checks both. */
  public Tolerance {
    Check.that(relative >= 0 && absolute >= 0, "tolerances %s and %s", relative, absolute);
  }

  /** What is wrong with a tensor, if anything is. */
  public Optional<String> fault(OnnxTensor expected, OnnxTensor actual) {
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

  private boolean agree(OnnxTensor expected, OnnxTensor actual, int index) {
    if (!expected.isReal()) {
      return expected.whole(index) == actual.whole(index);
    }
    double wanted = expected.real(index);
    double is = actual.real(index);
    if (Double.isNaN(wanted) || Double.isInfinite(wanted)) {
      return Double.compare(wanted, is) == 0;
    }
    return Math.abs(is - wanted) <= absolute + relative * Math.abs(wanted);
  }

  private static String text(OnnxTensor tensor, int index) {
    return tensor.isReal()
        ? Float.toString((float) tensor.real(index))
        : Long.toString(tensor.whole(index));
  }
}
