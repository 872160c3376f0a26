package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PaddingMode;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;

/**
 * Turns the windows of a convolution's planar input into channels, so that the convolution becomes
 * a pointwise one with the same filter.
 *
 * <p>An input of three channels would fill three lanes of 16. Its windows of 3 x 3 taps fill 27 of
 * 32. A single channel is a depthwise problem, faster as it is.
 */
final class Unfold {

  /** Two blocks of lanes: more would cost more memory than the lanes they save. */
  private static final int MOST_TERMS = 2 * Layout.BLOCK;

  private final Axis height;
  private final Axis width;
  private final int channels;
  private final int taps;
  private final int terms;
  private final float[] input;
  private final float[] out;

  private Unfold(ConvShape shape, float[] input, float[] out) {
    height = shape.axes().getFirst();
    width = shape.axes().getLast();
    channels = shape.inChannels();
    taps = shape.kernelTaps();
    terms = shape.terms();
    this.input = input;
    this.out = out;
  }

  /** Whether the input is planar data with so few channels that unfolding saves work. */
  static boolean pays(Tensor input, ConvShape shape) {
    return input.layout() == Layout.NCHW
        && !input.requiresGrad()
        && shape.axes().size() == 2
        && shape.groups() == 1
        && shape.paddingMode() == PaddingMode.ZERO
        && shape.inChannels() > 1
        && shape.inChannels() < shape.terms()
        && shape.terms() <= MOST_TERMS;
  }

  /** The pointwise convolution over the windows of another. */
  static ConvShape pointwise(ConvShape shape) {
    int[] out = shape.outputDims();
    return ConvShape.conv2d(out[0], shape.terms(), out[2], out[3], out[1], 1, 1);
  }

  /** The windows: {@code [n, terms, oh, ow]}, the terms in the order of the filter. */
  static Tensor apply(Tensor input, ConvShape shape, Context context) {
    int[] dims = pointwise(shape).inputDims();
    float[] out = context.buffer(Layout.NCHW16C.length(dims));
    Unfold unfold = new Unfold(shape, input.data(), out);
    int rows = unfold.height.output();
    int units = shape.batch() * rows;
    context
        .workers()
        .run(
            (worker, workers, scratch) -> {
              int end = Workers.start(units, worker + 1, workers);
              for (int unit = Workers.start(units, worker, workers); unit < end; unit++) {
                unfold.row(unit / rows, unit % rows);
              }
            });
    return Tensor.of(Layout.NCHW16C, out, dims);
  }

  /** Lays out the windows of one output row of one image. */
  private void row(int image, int outRow) {
    int columns = width.output();
    int blocks = Layout.blocks(terms);
    for (int block = 0; block < blocks; block++) {
      int to = ((image * blocks + block) * height.output() + outRow) * columns * Layout.BLOCK;
      Arrays.fill(out, to, to + columns * Layout.BLOCK, 0f);
      int end = Math.min(terms, (block + 1) * Layout.BLOCK);
      for (int term = block * Layout.BLOCK; term < end; term++) {
        int y = height.position(outRow, term % taps / width.kernel());
        if (y >= 0 && y < height.input()) {
          int channel = image * channels + term / taps;
          int from = (channel * height.input() + y) * width.input();
          copy(width, term % width.kernel(), input, from, out, to + term % Layout.BLOCK);
        }
      }
    }
  }

  /** Copies what one tap sees in a row; what it sees of the padding stays zero. */
  private static void copy(Axis width, int tap, float[] from, int row, float[] to, int lane) {
    int stride = width.stride();
    int start = width.position(0, tap);
    int first = Math.ceilDiv(Math.max(0, -start), stride);
    int end = Math.min(width.output(), Math.ceilDiv(width.input() - start, stride));
    for (int column = first; column < end; column++) {
      to[lane + column * Layout.BLOCK] = from[row + start + column * stride];
    }
  }
}
