package dev.lanewise.kernels.gemm;

import dev.lanewise.kernels.shape.Check;

/**
 * A right operand packed once for many products, as {@link Panels} lays it out.
 *
 * @param k rows
 * @param n columns
 * @param panels the packed values
 */
@SuppressWarnings("ArrayRecordComponent") // read by the innermost loops; never compared
public record PackedMatrix(int k, int n, float[] panels) {

  /**
   * Checks that the values are as many as the sizes need.
   *
   * @throws IllegalArgumentException if a size is below 1 or the length another
   */
  public PackedMatrix {
    Check.length("panels", panels, packedLength(k, n));
  }

  private static int packedLength(int k, int n) {
    Check.positive("k", k);
    Check.positive("n", n);
    long length = Panels.length(k, n);
    Check.that(length <= Integer.MAX_VALUE, "packed b exceeds 2^31 - 1 floats: %d", length);
    return (int) length;
  }

  /**
   * Packs {@code op(B)}.
   *
   * @param transpose whether element (k, n) lies at {@code n * stride + k}
   * @throws IllegalArgumentException if a size is below 1 or {@code b} too short
   */
  public static PackedMatrix of(
      boolean transpose, int k, int n, float[] b, int offset, int stride) {
    int length = packedLength(k, n);
    Matrix.check("b", b, offset, stride, transpose ? n : k, transpose ? k : n);
    float[] panels = new float[length];
    for (int panel = 0; panel < Panels.count(n); panel++) {
      int column = panel * Panels.COLUMNS;
      Matrix.packPanel(
          transpose,
          b,
          offset,
          stride,
          0,
          k,
          column,
          Math.min(Panels.COLUMNS, n - column),
          Panels.blocks(panel, n) * Panels.DEPTH,
          panels,
          panel * Panels.depthTaps(k) * Panels.TAP);
    }
    return new PackedMatrix(k, n, panels);
  }
}
