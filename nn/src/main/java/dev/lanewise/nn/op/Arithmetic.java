package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Ranges;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;

/**
 * Sum, difference, product and quotient of two tensors, element by element. A dimension of 1, or
 * one that is missing in front, is repeated as often as the other tensor has it (NumPy's
 * broadcasting). Tensors of one shape and layout keep it; others are taken row-major.
 */
public final class Arithmetic extends Operation {

  private enum Kind {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE
  }

  private final Kind kind;
  private final Broadcast broadcast;

  private Arithmetic(Kind kind, Broadcast broadcast, Context context, Tensor a, Tensor b) {
    super(context, a, b);
    this.kind = kind;
    this.broadcast = broadcast;
  }

  /**
   * {@code a + b}.
   *
   * @throws IllegalArgumentException if the shapes cannot be broadcast, stating both
   */
  public static Tensor add(Tensor a, Tensor b, Context context) {
    return apply(Kind.ADD, a, b, context);
  }

  /** {@code a - b}; see {@link #add}. */
  public static Tensor subtract(Tensor a, Tensor b, Context context) {
    return apply(Kind.SUBTRACT, a, b, context);
  }

  /** {@code a * b}; see {@link #add}. */
  public static Tensor multiply(Tensor a, Tensor b, Context context) {
    return apply(Kind.MULTIPLY, a, b, context);
  }

  /** {@code a / b}; see {@link #add}. */
  public static Tensor divide(Tensor a, Tensor b, Context context) {
    return apply(Kind.DIVIDE, a, b, context);
  }

  private static Tensor apply(Kind kind, Tensor a, Tensor b, Context context) {
    int[] shape = a.shape();
    boolean same = a.layout() == b.layout() && Arrays.equals(shape, b.shape());
    Tensor x = same ? a : Relayout.apply(a, Layout.NCHW, context);
    Tensor y = same ? b : Relayout.apply(b, Layout.NCHW, context);
    Broadcast broadcast = same ? null : Broadcast.of(shape, b.shape());
    float[] left = x.data();
    float[] right = y.data();
    float[] out = context.buffer(same ? left.length : broadcast.length());
    if (same) {
      Ranges.run(
          context.workers(),
          out.length,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              out[i] = compute(kind, left[i], right[i]);
            }
          });
      if (kind == Kind.DIVIDE) {
        Lanes.clearPadding(x.layout(), out, shape);
      }
    } else {
      broadcast.each((i, ia, ib) -> out[i] = compute(kind, left[ia], right[ib]));
    }
    return new Arithmetic(kind, broadcast, context, x, y)
        .output(x.layout(), out, same ? shape : broadcast.dims());
  }

  private static float compute(Kind kind, float a, float b) {
    return switch (kind) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
    };
  }

  /** The derivative by the left operand. */
  private static float byLeft(Kind kind, float b) {
    return switch (kind) {
      case ADD, SUBTRACT -> 1;
      case MULTIPLY -> b;
      case DIVIDE -> 1 / b;
    };
  }

  /** The derivative by the right operand. */
  private static float byRight(Kind kind, float a, float b) {
    return switch (kind) {
      case ADD -> 1;
      case SUBTRACT -> -1;
      case MULTIPLY -> a;
      case DIVIDE -> -a / (b * b);
    };
  }

  @Override
  protected boolean keepsInput(int index) {
    return switch (kind) {
      case ADD, SUBTRACT -> false;
      case MULTIPLY -> needs(1 - index);
      case DIVIDE -> index == 1 || needs(1);
    };
  }

  @Override
  protected boolean keepsOutput() {
    return false;
  }

  @Override
  protected void backward(Tensor y) {
    float[] dy = y.grad();
    float[] left = keepsInput(0) ? input(0).data() : null;
    float[] right = keepsInput(1) ? input(1).data() : null;
    gradient(
        0, da -> spread(dy, da, true, (ia, ib) -> byLeft(kind, right == null ? 0 : right[ib])));
    gradient(
        1,
        db ->
            spread(
                dy,
                db,
                false,
                (ia, ib) ->
                    byRight(kind, left == null ? 0 : left[ia], right == null ? 0 : right[ib])));
    if (broadcast == null && kind == Kind.DIVIDE) {
      clear(y, 0);
      clear(y, 1);
    }
  }

  /** 0 / 0 in padding lanes made a NaN of them. */
  private void clear(Tensor y, int index) {
    if (needs(index)) {
      Lanes.clearPadding(y.layout(), input(index).grad(), y.shape());
    }
  }

  private interface Derivative {
    float at(int left, int right);
  }

  private void spread(float[] dy, float[] gradient, boolean toLeft, Derivative derivative) {
    if (broadcast == null) {
      Ranges.run(
          context().workers(),
          dy.length,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              gradient[i] = dy[i] * derivative.at(i, i) + 0f; // no negative zero in padding
            }
          });
      return;
    }
    Arrays.fill(gradient, 0);
    broadcast.each((i, ia, ib) -> gradient[toLeft ? ia : ib] += dy[i] * derivative.at(ia, ib));
  }
}
