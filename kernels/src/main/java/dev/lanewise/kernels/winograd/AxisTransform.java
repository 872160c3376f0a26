package dev.lanewise.kernels.winograd;

/**
 * F(m, r) along one axis: {@code y = A^T ((G g) * (B^T d))}.
 *
 * <p>An axis with a single tap has F(1, 1), whose matrices are all 1.
 *
 * @param outputs outputs of a tile, m
 * @param taps taps of the kernel, r
 */
public record AxisTransform(int outputs, int taps) {

  private static final double[][] ONE = {{1}};

  /**
   * Checks that the transform is there.
   *
   * @throws IllegalArgumentException if there is no such F(m, r)
   */
  public AxisTransform {
    if (!exists(outputs, taps)) {
      throw new IllegalArgumentException("no F(%d, %d)".formatted(outputs, taps));
    }
  }

  /** The transform of an axis that makes {@code outputs} where there is more than one tap. */
  static AxisTransform of(int outputs, int taps) {
    return new AxisTransform(taps == 1 ? 1 : outputs, taps);
  }

  /** Whether there is an F(m, r). */
  public static boolean exists(int outputs, int taps) {
    return (outputs == 1 && taps == 1) || Matrices.exist(outputs, taps);
  }

  /** Whether there is nothing to transform. */
  boolean isTrivial() {
    return taps == 1;
  }

  /** Products, and elements of a window of the input: m + r - 1. */
  public int products() {
    return outputs + taps - 1;
  }

  /** {@code A^T}: {@code [outputs][products]}, exact. */
  public double[][] output() {
    return isTrivial() ? ONE : Matrices.output(outputs, taps);
  }

  /** {@code G}: {@code [products][taps]}, the nearest doubles. */
  public double[][] filter() {
    return isTrivial() ? ONE : Matrices.filter(outputs, taps);
  }

  /** {@code B^T}: {@code [products][products]}, exact. */
  public double[][] input() {
    return isTrivial() ? ONE : Matrices.input(outputs, taps);
  }
}
