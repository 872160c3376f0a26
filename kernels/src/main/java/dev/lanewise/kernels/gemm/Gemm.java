package dev.lanewise.kernels.gemm;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;

/**
 * Row-major single-precision matrix product {@code C = op(A) op(B) + beta C}.
 *
 * <p>Every element of C is one chain of multiply-adds with k ascending, so it has the same bits on
 * any lane width and any number of workers. A product of few elements and many terms is cut along k
 * into parts that depend on the sizes alone. A steady state allocates nothing.
 */
public final class Gemm {

  private static final ThreadLocal<Product> PRODUCT = ThreadLocal.withInitial(Product::new);

  private Gemm() {}

  /**
   * Multiplies.
   *
   * @param transposeA whether A is stored {@code [k][m]} instead of {@code [m][k]}
   * @param transposeB whether B is stored {@code [n][k]} instead of {@code [k][n]}
   * @param m rows of C
   * @param n columns of C
   * @param k terms of each element
   * @param lda floats from one stored row of A to the next; likewise {@code ldb} and {@code ldc}
   * @param beta 0 to overwrite C, 1 to add to it
   * @throws IllegalArgumentException if a size is below 1, an array too short, {@code beta} another
   *     value, or C one array with A or B
   */
  public static void multiply(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      int ldb,
      float beta,
      float[] c,
      int cOffset,
      int ldc,
      Workers workers) {
    Check.positive("n", n);
    Check.positive("k", k);
    Matrix.check("b", b, bOffset, ldb, transposeB ? n : k, transposeB ? k : n);
    Check.distinct("b", b, "c", c);
    Product product = PRODUCT.get();
    product.right(transposeB, n, k, b, bOffset, ldb, false);
    multiply(product, transposeA, m, a, aOffset, lda, beta, c, cOffset, ldc, workers);
  }

  /**
   * Multiplies with a right operand that was packed before.
   *
   * @throws IllegalArgumentException as above
   */
  public static void multiply(
      boolean transposeA,
      int m,
      float[] a,
      int aOffset,
      int lda,
      PackedMatrix b,
      float beta,
      float[] c,
      int cOffset,
      int ldc,
      Workers workers) {
    Check.distinct("b", b.panels(), "c", c);
    Product product = PRODUCT.get();
    product.right(false, b.n(), b.k(), b.panels(), 0, 0, true);
    multiply(product, transposeA, m, a, aOffset, lda, beta, c, cOffset, ldc, workers);
  }

  private static void multiply(
      Product product,
      boolean transposeA,
      int m,
      float[] a,
      int aOffset,
      int lda,
      float beta,
      float[] c,
      int cOffset,
      int ldc,
      Workers workers) {
    Check.positive("m", m);
    Check.that(beta == 0 || beta == 1, "beta must be 0 or 1, is %s", beta);
    int k = product.terms();
    Matrix.check("a", a, aOffset, lda, transposeA ? k : m, transposeA ? m : k);
    Matrix.check("c", c, cOffset, ldc, m, product.columns());
    Check.distinct("a", a, "c", c);
    product.left(transposeA, m, a, aOffset, lda);
    product.run(beta == 0, c, cOffset, ldc, workers);
  }
}
