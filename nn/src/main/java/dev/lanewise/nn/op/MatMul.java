package dev.lanewise.nn.op;

import dev.lanewise.kernels.gemm.Gemm;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;

/**
 * The product of matrices, row-major: {@code [..., m, k]} by {@code [k, n]} or by as many matrices
 * {@code [..., k, n]}.
 */
public final class MatMul extends Operation {

  private final int count;
  private final int m;
  private final int k;
  private final int n;

  private MatMul(int count, boolean shared, Context context, Tensor a, Tensor b) {
    super(context, a, b);
    this.count = shared ? 1 : count;
    k = b.dim(b.rank() - 2);
    n = b.dim(b.rank() - 1);
    m = a.dim(a.rank() - 2) * (shared ? count : 1);
  }

  /**
   * Multiplies.
   *
   * @throws IllegalArgumentException if an operand is no matrix, the inner dimensions differ, or
   *     the numbers of matrices do, stating both shapes
   */
  public static Tensor apply(Tensor left, Tensor right, Context context) {
    int[] shape = left.shape();
    int[] other = right.shape();
    boolean matrices = shape.length >= 2 && other.length >= 2;
    boolean shared = other.length == 2;
    Check.that(
        matrices
            && shape[shape.length - 1] == other[other.length - 2]
            && (shared || fronts(shape, other)),
        "a matrix product needs [..., m, k] and [k, n] or [..., k, n], got %s and %s",
        Tensor.text(shape),
        Tensor.text(other));
    Tensor a = Relayout.apply(left, Layout.NCHW, context);
    Tensor b = Relayout.apply(right, Layout.NCHW, context);
    int count = Spans.product(shape, 0, shape.length - 2);
    MatMul product = new MatMul(count, shared, context, a, b);
    float[] out = context.buffer(product.count * product.m * product.n);
    for (int i = 0; i < product.count; i++) {
      product.multiply(i, false, false, a.data(), b.data(), out, product.m, product.n, product.k);
    }
    shape[shape.length - 1] = product.n;
    return product.output(Layout.NCHW, out, shape);
  }

  private static boolean fronts(int[] a, int[] b) {
    return a.length == b.length && Arrays.equals(a, 0, a.length - 2, b, 0, b.length - 2);
  }

  /** Matrix number {@code i} of each: C [rows][columns] = A B, or with one of them transposed. */
  private void multiply(
      int i,
      boolean transposeA,
      boolean transposeB,
      float[] a,
      float[] b,
      float[] c,
      int rows,
      int columns,
      int terms) {
    Gemm.multiply(
        transposeA,
        transposeB,
        rows,
        columns,
        terms,
        a,
        i * rows * terms,
        transposeA ? rows : terms,
        b,
        i * terms * columns,
        transposeB ? terms : columns,
        0,
        c,
        i * rows * columns,
        columns,
        context().workers());
  }

  @Override
  protected boolean keepsInput(int index) {
    return needs(1 - index);
  }

  @Override
  protected boolean keepsOutput() {
    return false;
  }

  @Override
  protected void backward(Tensor y) {
    float[] dy = y.grad();
    for (int index = 0; index < 2; index++) {
      boolean left = index == 0;
      gradient(
          index,
          d -> {
            for (int i = 0; i < count; i++) {
              if (left) {
                multiply(i, false, true, dy, input(1).data(), d, m, k, n);
              } else {
                multiply(i, true, false, input(0).data(), dy, d, k, n, m);
              }
            }
          });
    }
  }
}
