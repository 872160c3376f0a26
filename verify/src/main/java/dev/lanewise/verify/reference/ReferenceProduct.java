package dev.lanewise.verify.reference;

/** Matrix product by its definition, in double precision, row-major. */
public final class ReferenceProduct {

  /**
   * One element.
   *
   * @param value the sum of the products
   * @param magnitude the sum of their absolute values: the scale of any summation's rounding error
   */
  public record Sum(double value, double magnitude) {}

  private ReferenceProduct() {}

  /**
   * One element of {@code op(A) op(B)}.
   *
   * @param transposeA whether A is stored {@code [k][m]} instead of {@code [m][k]}
   * @param transposeB whether B is stored {@code [n][k]} instead of {@code [k][n]}
   * @param aOffset where A begins; {@code lda} floats separate its rows
   * @param bOffset where B begins; {@code ldb} floats separate its rows
   */
  public static Sum element(
      boolean transposeA,
      boolean transposeB,
      int row,
      int column,
      int k,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      int ldb) {
    double value = 0;
    double magnitude = 0;
    for (int i = 0; i < k; i++) {
      double left = a[aOffset + (transposeA ? i * lda + row : row * lda + i)];
      double right = b[bOffset + (transposeB ? column * ldb + i : i * ldb + column)];
      value += left * right;
      magnitude += Math.abs(left * right);
    }
    return new Sum(value, magnitude);
  }
}
