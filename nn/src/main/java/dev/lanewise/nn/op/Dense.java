package dev.lanewise.nn.op;

import dev.lanewise.kernels.gemm.Gemm;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;

/** The product of rows with a weight matrix, plus a bias: {@code y = x W^T + b}. */
public final class Dense extends Operation {

  private Dense(Context context, Tensor x, Tensor weight, Tensor bias) {
    super(context, x, weight, bias);
  }

  /**
   * Multiplies.
   *
   * @param input {@code [n, in]}
   * @param weight {@code [out, in]}
   * @param bias {@code [out]}
   * @throws IllegalArgumentException if the shapes do not fit, stating them
   */
  public static Tensor apply(Tensor input, Tensor weight, Tensor bias, Context context) {
    Check.that(
        input.rank() == 2
            && weight.rank() == 2
            && bias.rank() == 1
            && input.dim(1) == weight.dim(1)
            && bias.dim(0) == weight.dim(0),
        "dense needs input [n, in], weight [out, in] and bias [out], got %s, %s and %s",
        input,
        weight,
        bias);
    Tensor x = Relayout.apply(input, Layout.NCHW, context);
    int rows = x.dim(0);
    int in = weight.dim(1);
    int out = weight.dim(0);
    float[] y = context.buffer(rows * out);
    for (int row = 0; row < rows; row++) {
      System.arraycopy(bias.data(), 0, y, row * out, out);
    }
    Gemm.multiply(
        false,
        true,
        rows,
        out,
        in,
        x.data(),
        0,
        in,
        weight.data(),
        0,
        in,
        1,
        y,
        0,
        out,
        context.workers());
    return new Dense(context, x, weight, bias).output(Layout.NCHW, y, rows, out);
  }

  @Override
  protected void backward(Tensor y) {
    float[] x = input(0).data();
    float[] weight = input(1).data();
    float[] dy = y.grad();
    int rows = y.dim(0);
    int out = y.dim(1);
    int in = input(0).dim(1);
    gradient(
        0,
        dx ->
            Gemm.multiply(
                false,
                false,
                rows,
                in,
                out,
                dy,
                0,
                out,
                weight,
                0,
                in,
                0,
                dx,
                0,
                in,
                context().workers()));
    gradient(
        1,
        dw ->
            Gemm.multiply(
                true,
                false,
                out,
                in,
                rows,
                dy,
                0,
                out,
                x,
                0,
                in,
                0,
                dw,
                0,
                in,
                context().workers()));
    gradient(2, db -> sumRows(dy, rows, db));
  }

  private static void sumRows(float[] matrix, int rows, float[] sums) {
    Arrays.fill(sums, 0);
    for (int row = 0; row < rows; row++) {
      int start = row * sums.length;
      for (int i = 0; i < sums.length; i++) {
        sums[i] += matrix[start + i];
      }
    }
  }
}
