package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.Values.integers;
import static dev.lanewise.kernels.Values.reals;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.parallel.Workers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GemmTest {

  private static final Workers ONE = Workers.of(1);
  private static final Workers THREE = Workers.of(3);

  @AfterAll
  static void close() {
    ONE.close();
    THREE.close();
  }

  /** Sizes around every edge: strips, blocks of rows, panels, taps, runs of taps, parts. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "3, 5, 7",
    "14, 32, 16",
    "15, 33, 17",
    "64, 10, 84",
    "64, 120, 400",
    "113, 48, 31",
    "230, 70, 530",
    "5, 1030, 20",
    "16, 25, 6000",
    "2, 3, 2100"
  })
  void integersAreExact(int m, int n, int k) {
    for (int variant = 0; variant < 16; variant++) {
      boolean transposeA = (variant & 1) != 0;
      boolean transposeB = (variant & 2) != 0;
      int beta = variant >> 2 & 1;
      int pad = variant >> 3;
      int lda = (transposeA ? m : k) + pad;
      int ldb = (transposeB ? k : n) + 2 * pad;
      int ldc = n + 3 * pad;
      float[] left = integers(9 + (transposeA ? k : m) * lda, m);
      float[] right = integers(9 + (transposeB ? n : k) * ldb, n);
      float[] c = integers(7 + m * ldc, k);
      float[] expected = c.clone();
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          long sum = beta == 0 ? 0 : (long) c[7 + i * ldc + j];
          for (int t = 0; t < k; t++) {
            float x = left[9 + (transposeA ? t * lda + i : i * lda + t)];
            float y = right[9 + (transposeB ? j * ldb + t : t * ldb + j)];
            sum += (long) (x * y);
          }
          expected[7 + i * ldc + j] = sum;
        }
      }
      float[] packed = c.clone();
      for (int j = 0; beta == 0 && j < n; j++) {
        c[7 + j] = Float.NaN;
      }
      Gemm.multiply(
          transposeA, transposeB, m, n, k, left, 9, lda, right, 9, ldb, beta, c, 7, ldc, THREE);
      assertArrayEquals(expected, c);
      PackedMatrix panels = PackedMatrix.of(transposeB, k, n, right, 9, ldb);
      Gemm.multiply(transposeA, m, left, 9, lda, panels, beta, packed, 7, ldc, ONE);
      assertArrayEquals(expected, packed);
    }
  }

  @ParameterizedTest
  @CsvSource({"37, 75, 1100", "3, 20, 9000", "200, 3, 70"})
  void workersDoNotChangeTheBits(int m, int n, int k) {
    float[] a = reals(m * k, 1);
    float[] b = reals(n * k, 2);
    float[] one = new float[m * n];
    float[] three = new float[m * n];
    Gemm.multiply(false, true, m, n, k, a, 0, k, b, 0, k, 0, one, 0, n, ONE);
    Gemm.multiply(false, true, m, n, k, a, 0, k, b, 0, k, 0, three, 0, n, THREE);
    assertArrayEquals(one, three);
  }

  @Tag(SteadyState.TAG)
  @Test
  void steadyStateAllocatesNothing() {
    float[] a = reals(40 * 50, 1);
    float[] b = reals(50 * 60, 2);
    float[] c = new float[40 * 60];
    SteadyState.assertAllocatesNothing(
        () -> Gemm.multiply(false, false, 40, 60, 50, a, 0, 50, b, 0, 60, 0, c, 0, 60, ONE));
  }

  @Test
  void badArgumentsAreNamed() {
    float[] x = new float[12];
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    Gemm.multiply(
                        false,
                        false,
                        3,
                        3,
                        4,
                        x,
                        1,
                        4,
                        new float[12],
                        0,
                        3,
                        0,
                        new float[9],
                        0,
                        3,
                        ONE))
            .getMessage();
    assertEquals("a of 3 x 4, stride 4, offset 1 needs 13 floats, has 12", message);
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Gemm.multiply(false, false, 3, 3, 4, x, 0, 4, x, 0, 3, 0.5f, new float[9], 0, 3, ONE));
    assertThrows(
        IllegalArgumentException.class,
        () -> Gemm.multiply(false, false, 3, 3, 3, x, 0, 3, new float[9], 0, 3, 0, x, 0, 3, ONE));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Gemm.multiply(
                false, false, 0, 3, 3, x, 0, 3, new float[9], 0, 3, 0, new float[9], 0, 3, ONE));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Gemm.multiply(
                false, false, 3, 3, 3, x, 0, 2, new float[9], 0, 3, 0, new float[9], 0, 3, ONE));
  }
}
