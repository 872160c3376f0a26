package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.gemm.Gemm;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Findings;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.ReferenceProduct;
import dev.lanewise.verify.reference.ReferenceProduct.Sum;
import java.util.Optional;

/** Matrix products of random sizes, transposed or not, inside larger arrays, added or not. */
public final class ProductChecks implements RandomCheck {

  private static final int LIMIT = 3;

  private final Setting setting;

  /** Checks in a setting. */
  public ProductChecks(Setting setting) {
    this.setting = setting;
  }

  @Override
  public void run(int index) {
    Product integers = new Product(setting.data(index), true);
    Product reals = new Product(setting.data(index), false);
    String subject = setting.subject(integers, index);
    Findings findings = setting.findings();
    Workers one = setting.one();
    findings.check(
        "products equal on integers", subject, () -> integers.departure(integers.run(one), 0));
    findings.check(
        "products round within their bound",
        subject,
        () -> reals.departure(reals.run(one), (reals.k + 2) * ConvChecks.HALF_ULP));
    findings.check(
        "products same bits on 2 threads",
        subject,
        () -> Mismatch.sameBits(reals.run(one), reals.run(setting.two())));
  }

  /** One product with its data: {@code C = op(A) op(B) + beta C}. */
  private static final class Product {
    final boolean transposeA;
    final boolean transposeB;
    final int m;
    final int n;
    final int k;
    final int aOffset;
    final int bOffset;
    final int cOffset;
    final int lda;
    final int ldb;
    final int ldc;
    final float beta;
    final float[] a;
    final float[] b;
    final float[] c;

    Product(Data data, boolean integers) {
      transposeA = data.oneIn(2);
      transposeB = data.oneIn(2);
      m = data.between(1, 70);
      n = data.oneOf(1, 10, 16, 17, 32, 33, data.between(1, 90));
      k = data.oneOf(1, 15, 16, 17, data.between(1, 300));
      aOffset = data.between(0, 5);
      bOffset = data.between(0, 5);
      cOffset = data.between(0, 5);
      lda = (transposeA ? m : k) + data.oneOf(0, 3);
      ldb = (transposeB ? k : n) + data.oneOf(0, 3);
      ldc = n + data.oneOf(0, 3);
      beta = data.oneIn(2) ? 1 : 0;
      int aLength = aOffset + (transposeA ? k : m) * lda;
      int bLength = bOffset + (transposeB ? n : k) * ldb;
      int cLength = cOffset + m * ldc;
      a = integers ? data.integers(aLength, LIMIT) : data.reals(aLength);
      b = integers ? data.integers(bLength, LIMIT) : data.reals(bLength);
      c = integers ? data.integers(cLength, LIMIT) : data.reals(cLength);
    }

    float[] run(Workers workers) {
      float[] result = c.clone();
      Gemm.multiply(
          transposeA,
          transposeB,
          m,
          n,
          k,
          a,
          aOffset,
          lda,
          b,
          bOffset,
          ldb,
          beta,
          result,
          cOffset,
          ldc,
          workers);
      return result;
    }

    /** The first element that departs; those of C outside the product must not change. */
    Optional<Mismatch> departure(float[] result, double relative) {
      for (int i = 0; i < result.length; i++) {
        int row = i < cOffset ? -1 : (i - cOffset) / ldc;
        int column = i < cOffset ? n : (i - cOffset) % ldc;
        double expected = c[i];
        double allowed = 0;
        if (column < n) {
          Sum sum =
              ReferenceProduct.element(
                  transposeA, transposeB, row, column, k, a, aOffset, lda, b, bOffset, ldb);
          expected = sum.value() + beta * c[i];
          allowed = relative * (sum.magnitude() + Math.abs(beta * c[i]));
        }
        if (!(Math.abs(result[i] - expected) <= allowed)) {
          return Optional.of(new Mismatch(i, expected, result[i], allowed));
        }
      }
      return Optional.empty();
    }

    @Override
    public String toString() {
      return "%d x %d x %d, A%s lda %d, B%s ldb %d, beta %.0f"
          .formatted(m, n, k, transposeA ? "^T" : "", lda, transposeB ? "^T" : "", ldb, beta);
    }
  }
}
