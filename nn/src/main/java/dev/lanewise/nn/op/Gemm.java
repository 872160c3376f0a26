package dev.lanewise.nn.op;

import dev.lanewise.kernels.parallel.Workers;

/** Plain loops in the place of the kernel. */
final class Gemm {

  private Gemm() {}

  static void multiply(
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
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        float sum = beta == 0 ? 0 : c[cOffset + i * ldc + j];
        for (int p = 0; p < k; p++) {
          float x = a[aOffset + (transposeA ? p * lda + i : i * lda + p)];
          sum += x * b[bOffset + (transposeB ? j * ldb + p : p * ldb + j)];
        }
        c[cOffset + i * ldc + j] = sum;
      }
    }
  }
}
