package dev.lanewise.nn.op;

import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Ranges;
import java.util.Arrays;

/**
 * A convolution summed over a few input channels at a time, and its gradient by data block by block
 * of output channels, for contexts of {@link Accuracy#STRICT}.
 *
 * <p>The rounding error of a chain of multiply-adds grows with the root of its length, and in a
 * network of some hundred layers each adds its own to those before. Where the gradients of all
 * pixels add up to nothing, as before a batch norm, the error is all that a bias further down gets
 * as its gradient: a chain for each block about halves it.
 */
final class ShortChains {

  /** Most input channels of a chain of the convolution itself. */
  private static final int CHANNELS = 32;

  private record Problem(ConvShape block) {}

  private ShortChains() {}

  /** Whether a context asks for it and the convolution has more input channels than a chain. */
  static boolean wantedForward(ConvShape shape, Context context) {
    return context.convOptions().accuracy() == Accuracy.STRICT
        && shape.groups() == 1
        && shape.inChannels() > CHANNELS;
  }

  /**
   * Computes the convolution.
   *
   * @param x NCHW16C
   * @param weight {@code shape.filterDims()}
   * @param bias one value for each output channel, or null
   * @return the output, a buffer of the context
   */
  static float[] forward(
      ConvShape shape, float[] x, float[] weight, float[] bias, Context context) {
    int channels = shape.inChannels();
    int plane = shape.inputPixels() * Layout.BLOCK;
    int taps = shape.kernelTaps();
    float[] sums = null;
    for (int first = 0; first < channels; first += CHANNELS) {
      int count = Math.min(CHANNELS, channels - first);
      ConvShape some =
          new ConvShape(
              shape.batch(), count, shape.outChannels(), 1, shape.axes(), shape.paddingMode());
      ConvPlan plan = context.plan(some, problem -> ConvPlan.of(problem, context.convOptions()));
      float[] part = context.buffer(plan.inputLength());
      int images = Layout.blocks(count) * plane;
      int from = first / Layout.BLOCK * plane;
      for (int n = 0; n < shape.batch(); n++) {
        System.arraycopy(x, n * Layout.blocks(channels) * plane + from, part, n * images, images);
      }
      float[] filter = context.buffer(some.filterLength());
      for (int out = 0; out < shape.outChannels(); out++) {
        System.arraycopy(
            weight, (out * channels + first) * taps, filter, out * count * taps, count * taps);
      }
      float[] term = context.buffer(plan.outputLength());
      plan.run(part, filter, first == 0 ? bias : null, context.filterMemory(), term);
      context.release(part);
      context.release(filter);
      if (sums == null) {
        sums = term;
      } else {
        add(term, sums, context);
        context.release(term);
      }
    }
    return sums;
  }

  private static void add(float[] term, float[] sums, Context context) {
    Ranges.run(
        context.workers(),
        sums.length,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            sums[i] += term[i];
          }
        });
  }

  /** Whether a context asks for the gradient so, and there is more than one block to sum. */
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
      add(term, dx, context);
    }
    context.release(part);
    context.release(term);
  }
}
