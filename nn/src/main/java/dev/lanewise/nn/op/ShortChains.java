package dev.lanewise.nn.op;

import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Ranges;
import java.util.Arrays;

/**
 * A convolution's gradient by data, summed block by block of output channels, for contexts of
 * {@link Accuracy#STRICT}.
 *
 * <p>The rounding error of a chain of multiply-adds grows with the root of its length. Where the
 * gradients of all pixels add up to nothing, as before a batch norm, the error is all that a bias
 * further down gets as its gradient: a chain for each block about halves it.
 */
final class ShortChains {

  private record Problem(ConvShape block) {}

  private ShortChains() {}

  /** Whether a context asks for it and there is more than one block to sum. */
  static boolean wanted(ConvShape shape, Context context) {
    return context.convOptions().accuracy() == Accuracy.STRICT
        && shape.groups() == 1
        && shape.outChannels() > Layout.BLOCK
        && shape.outChannels() % Layout.BLOCK == 0;
  }

  /**
   * Computes the gradient.
   *
   * @param weight {@code shape.filterDims()}
   * @param dy gradient of the output
   * @param dx gradient of the input, overwritten
   */
  static void run(ConvShape shape, float[] weight, float[] dy, float[] dx, Context context) {
    int blocks = shape.outChannels() / Layout.BLOCK;
    ConvShape block =
        new ConvShape(
            shape.batch(), shape.inChannels(), Layout.BLOCK, 1, shape.axes(), shape.paddingMode());
    ConvGradient plan =
        context.plan(
            new Problem(block), problem -> ConvGradient.of(problem.block, context.convOptions()));
    int plane = shape.outputPixels() * Layout.BLOCK;
    int rows = weight.length / blocks;
    float[] part = context.buffer(shape.batch() * plane);
    float[] term = context.buffer(dx.length);
    Arrays.fill(dx, 0);
    for (int i = 0; i < blocks; i++) {
      for (int n = 0; n < shape.batch(); n++) {
        System.arraycopy(dy, (n * blocks + i) * plane, part, n * plane, plane);
      }
      float[] some = Arrays.copyOfRange(weight, i * rows, (i + 1) * rows);
      plan.data(some, context.filterMemory(), part, term);
      Ranges.run(
          context.workers(),
          dx.length,
          (from, to) -> {
            for (int j = from; j < to; j++) {
              dx[j] += term[j];
            }
          });
    }
    context.release(part);
    context.release(term);
  }
}
