package dev.lanewise.nn.op;

import dev.lanewise.kernels.activation.Softmax;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Softmax, or its logarithm, over the second dimension: over the features of a row-major matrix
 * {@code [n, features]}, or over the channels of each pixel in layout NCHW16C.
 */
public final class ChannelSoftmax extends Operation {

  private record Problem(List<Integer> dims, boolean log) {}

  private final Softmax plan;

  private ChannelSoftmax(Softmax plan, Context context, Tensor x) {
    super(context, x);
    this.plan = plan;
  }

  /** Softmax. */
  public static Tensor apply(Tensor input, Context context) {
    return apply(input, false, context);
  }

  /** The logarithm of softmax. */
  public static Tensor log(Tensor input, Context context) {
    return apply(input, true, context);
  }

  private static Tensor apply(Tensor input, boolean log, Context context) {
    Check.that(input.rank() >= 2, "softmax needs an input [n, c, ...], got %s", input);
    boolean matrix = input.rank() == 2;
    Tensor x = Relayout.apply(input, matrix ? Layout.NCHW : Layout.NCHW16C, context);
    int[] dims = x.shape();
    Softmax plan =
        context.plan(
            new Problem(Arrays.stream(dims).boxed().toList(), log),
            _ ->
                matrix
                    ? Softmax.rows(dims[0], dims[1], log, context.workers())
                    : Softmax.channels(dims, log, context.workers()));
    float[] out = context.buffer(plan.length());
    plan.run(x.data(), out);
    return new ChannelSoftmax(plan, context, x).output(x.layout(), out, dims);
  }

  @Override
  protected boolean keepsInput(int index) {
    return false;
  }

  @Override
  protected void backward(Tensor y) {
    plan.backward(y.data(), y.grad(), y.grad());
    pass(0, y);
  }
}
