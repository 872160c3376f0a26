package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Ranges;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;

/**
 * Multiplies each channel of each image by a number of its own, as squeeze-and-excitation does (Hu
 * et al. 2018), in layout NCHW16C.
 */
public final class ChannelScale extends Operation {

  private static final int BLOCK = Layout.BLOCK;

  private ChannelScale(Context context, Tensor x, Tensor scale) {
    super(context, x, scale);
  }

  /**
   * Multiplies.
   *
   * @param input {@code [n, c, ...]}
   * @param scale {@code [n, c]} or {@code [n, c, 1, ...]}
   * @throws IllegalArgumentException if the shapes do not fit, stating both
   */
  public static Tensor apply(Tensor input, Tensor scale, Context context) {
    Check.that(
        input.rank() >= 2
            && scale.rank() >= 2
            && input.dim(0) == scale.dim(0)
            && input.dim(1) == scale.dim(1)
            && scale.size() == scale.dim(0) * scale.dim(1),
        "an input [n, c, ...] needs a scale [n, c], got %s and %s",
        input,
        scale);
    Tensor x = Relayout.apply(input, Layout.NCHW16C, context);
    Tensor s = Relayout.apply(scale, Layout.NCHW16C, context);
    float[] out = context.buffer(x.data().length);
    multiply(x.data(), s.data(), out, context);
    return new ChannelScale(context, x, s).output(Layout.NCHW16C, out, x.shape());
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
    gradient(1, ds -> products(input(0).data(), dy, ds));
    gradient(0, dx -> multiply(dy, input(1).data(), dx, context()));
  }

  private static void multiply(float[] x, float[] scale, float[] out, Context context) {
    int planes = scale.length / BLOCK;
    int plane = x.length / planes;
    Ranges.each(
        context.workers(),
        planes,
        unit -> {
          for (int i = unit * plane; i < (unit + 1) * plane; i += BLOCK) {
            for (int lane = 0; lane < BLOCK; lane++) {
              out[i + lane] = x[i + lane] * scale[unit * BLOCK + lane];
            }
          }
        });
  }

  /** The sums over a plane of the products of two tensors, lane by lane. */
  private void products(float[] x, float[] dy, float[] sums) {
    int planes = sums.length / BLOCK;
    int plane = x.length / planes;
    Ranges.each(
        context().workers(),
        planes,
        unit -> {
          Arrays.fill(sums, unit * BLOCK, (unit + 1) * BLOCK, 0);
          for (int i = unit * plane; i < (unit + 1) * plane; i += BLOCK) {
            for (int lane = 0; lane < BLOCK; lane++) {
              sums[unit * BLOCK + lane] += x[i + lane] * dy[i + lane];
            }
          }
        });
  }
}
