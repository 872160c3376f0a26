package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;

/** The axes of a row-major tensor in another order. */
public final class Transpose extends Operation {

  private final int[] order;

  private Transpose(int[] order, Context context, Tensor x) {
    super(context, x);
    this.order = order;
  }

  /**
   * Copies the elements.
   *
   * @param order axis {@code i} of the result is axis {@code order[i]} of the input
   * @throws IllegalArgumentException if the order is no permutation of the input's axes
   */
  public static Tensor apply(Tensor input, Context context, int... order) {
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    boolean permutation = order.length == input.rank();
    for (int i = 0; permutation && i < sorted.length; i++) {
      permutation = sorted[i] == i;
    }
    Check.that(
        permutation,
        "%s is no order of the axes of shape %s",
        Arrays.toString(order),
        Tensor.text(input.shape()));
    Tensor x = Relayout.apply(input, Layout.NCHW, context);
    int[] dims = new int[order.length];
    Arrays.setAll(dims, i -> x.dim(order[i]));
    float[] out = context.buffer(x.size());
    float[] in = x.data();
    each(x.shape(), order, (i, other) -> out[i] = in[other]);
    return new Transpose(order.clone(), context, x).output(Layout.NCHW, out, dims);
  }

  private interface Pair {
    void visit(int result, int input);
  }

  /** Visits the elements of the result in order, each with its place in the input. */
  private static void each(int[] inputDims, int[] order, Pair pair) {
    int rank = order.length;
    int[] strides = new int[rank];
    int[] dims = new int[rank];
    for (int i = 0; i < rank; i++) {
      dims[i] = inputDims[order[i]];
      strides[i] = Spans.product(inputDims, order[i] + 1, rank);
    }
    int length = Spans.product(dims, 0, rank);
    int[] index = new int[rank];
    int at = 0;
    for (int i = 0; i < length; i++) {
      pair.visit(i, at);
      for (int d = rank - 1; d >= 0; d--) {
        at += strides[d];
        if (++index[d] < dims[d]) {
          break;
        }
        at -= strides[d] * dims[d];
        index[d] = 0;
      }
    }
  }

  @Override
  protected boolean keepsInput(int index) {
    return false;
  }

  @Override
  protected boolean keepsOutput() {
    return false;
  }

  @Override
  protected void backward(Tensor y) {
    float[] dy = y.grad();
    gradient(0, dx -> each(input(0).shape(), order, (i, other) -> dx[other] = dy[i]));
  }
}
