package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.pool.MaxUnpool;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Puts values back to where the maxima of a pooling were found, and zero elsewhere (Zeiler and
 * Fergus 2014), in layout NCHW16C. The windows of the pooling are not to overlap.
 */
public final class Unpooling extends Operation {

  private record Problem(List<Integer> dims, List<Integer> size) {}

  private final MaxUnpool plan;
  private final int[] indices;

  private Unpooling(MaxUnpool plan, int[] indices, Context context, Tensor x) {
    super(context, x);
    this.plan = plan;
    this.indices = indices;
  }

  /**
   * Unpools.
   *
   * @param input of the shape of the pooled maxima, {@code [n, channels, spatial...]}
   * @param indices those of {@link Pooling#maxima}; they are kept for the backward pass
   * @param size the spatial dimensions of the pooling's input
   * @throws IllegalArgumentException if there is not one index a value, or one lies outside
   */
  public static Tensor apply(Tensor input, int[] indices, Context context, int... size) {
    int[] dims = input.shape();
    Problem problem =
        new Problem(Arrays.stream(dims).boxed().toList(), Arrays.stream(size).boxed().toList());
    MaxUnpool plan = context.plan(problem, _ -> MaxUnpool.of(dims, size, context.workers()));
    Tensor x = Relayout.apply(input, Layout.NCHW16C, context);
    float[] out = context.buffer(plan.outputLength());
    plan.run(x.data(), indices, out);
    System.arraycopy(size, 0, dims, 2, size.length);
    return new Unpooling(plan, indices, context, x).output(Layout.NCHW16C, out, dims);
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
    gradient(0, dx -> plan.backward(indices, y.grad(), dx));
  }
}
