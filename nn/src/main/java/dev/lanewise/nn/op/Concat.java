package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;
import java.util.List;

/**
 * Tensors one after the other along an axis: along the channels in NCHW16C if one of the parts has
 * that layout, along any axis otherwise.
 */
public final class Concat extends Operation {

  private final int axis;

  private Concat(int axis, Context context, Tensor... parts) {
    super(context, parts);
    this.axis = axis;
  }

  /** Joins the channels of images. */
  public static Tensor channels(List<Tensor> parts, Context context) {
    return apply(parts, 1, context);
  }

  /**
   * Joins along an axis.
   *
   * @throws IllegalArgumentException if there is no part, the axis is none of theirs, or another
   *     dimension differs
   */
  public static Tensor apply(List<Tensor> parts, int axis, Context context) {
    Check.that(!parts.isEmpty(), "there is nothing to concatenate");
    int[] dims = parts.getFirst().shape();
    Check.that(
        axis >= 0 && axis < dims.length,
        "axis %d is none of a tensor of shape %s",
        axis,
        Tensor.text(dims));
    dims[axis] = 0;
    for (Tensor part : parts) {
      int[] other = part.shape();
      boolean fits = other.length == dims.length;
      for (int i = 0; fits && i < dims.length; i++) {
        fits = i == axis || other[i] == dims[i];
      }
      Check.that(
          fits,
          "parts along axis %d must agree in all others, got %s and %s",
          axis,
          Tensor.text(parts.getFirst().shape()),
          Tensor.text(other));
      dims[axis] += other[axis];
    }
    boolean blocked = axis == 1 && parts.stream().anyMatch(part -> part.layout() == Layout.NCHW16C);
    Layout layout = blocked ? Layout.NCHW16C : Layout.NCHW;
    Tensor[] same =
        parts.stream().map(part -> Relayout.apply(part, layout, context)).toArray(Tensor[]::new);
    Concat concat = new Concat(axis, context, same);
    float[] out = context.buffer(Tensor.length(layout, dims));
    int at = 0;
    for (Tensor part : same) {
      Spans.copy(context.workers(), layout, axis, part.data(), part.shape(), 0, out, dims, at);
      at += part.dim(axis);
    }
    return concat.output(layout, out, dims);
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
    int at = 0;
    for (int i = 0; i < inputs(); i++) {
      int[] dims = input(i).shape();
      int from = at;
      gradient(
          i,
          dx ->
              Spans.copy(
                  context().workers(), y.layout(), axis, y.grad(), y.shape(), from, dx, dims, 0));
      at += dims[axis];
    }
  }
}
