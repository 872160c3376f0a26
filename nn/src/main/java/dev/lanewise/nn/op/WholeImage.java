package dev.lanewise.nn.op;

import dev.lanewise.kernels.gemm.Gemm;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PaddingMode;
import dev.lanewise.nn.Context;

/**
 * The gradient by data of a convolution whose kernel is as large as the image: its only output
 * pixel is a dense product, so the gradient is {@code dx = dy W}, with no tap outside.
 *
 * <p>As a convolution it would have a padding of the kernel's own size, and most of its sums would
 * be zeros. LeNet-5 has such a layer.
 */
final class WholeImage {

  private WholeImage() {}

  /** Whether a convolution sees the whole image at its only output pixel. */
  static boolean seenBy(ConvShape shape) {
    return shape.groups() == 1
        && shape.paddingMode() == PaddingMode.ZERO
        && shape.kernelTaps() > 1
        && shape.axes().stream().allMatch(WholeImage::covered);
  }

  private static boolean covered(Axis axis) {
    return axis.output() == 1
        && axis.kernel() == axis.input()
        && axis.padBefore() == 0
        && axis.dilation() == 1;
  }

  /**
   * Computes the gradient.
   *
   * @param weight {@code shape.filterDims()}
   * @param dy gradient of the output, NCHW16C: an image's channels stand in a row
   * @param dx gradient of the input, NCHW16C, overwritten
   */
  static void dataGradient(
      ConvShape shape, float[] weight, float[] dy, float[] dx, Context context) {
    int terms = shape.terms();
    float[] planar = context.buffer(shape.batch() * terms);
    Gemm.multiply(
        false,
        false,
        shape.batch(),
        terms,
        shape.outChannels(),
        dy,
        0,
        Layout.blocks(shape.outChannels()) * Layout.BLOCK,
        weight,
        0,
        terms,
        0,
        planar,
        0,
        terms,
        context.workers());
    Reorder.run(shape.inputDims(), Layout.NCHW, planar, Layout.NCHW16C, dx, context.workers());
    context.release(planar);
  }
}
