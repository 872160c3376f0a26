package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PaddingMode;
import dev.lanewise.kernels.simd.Blocks;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Ranges;
import java.util.ArrayList;
import java.util.List;

/**
 * Lays a batch of tiny images side by side, as {@code [blocks][h][w][n][16]}: one image of three
 * axes, of which the last is the batch and has no taps.
 *
 * <p>A convolution's strips of pixels then reach across the images, so that a filter is read once
 * for all of them instead of once for each image's few pixels, and taps beyond the border cost
 * nothing. The sums of each output are the same.
 */
final class SideBySide {

  /** Output pixels of an image: for more, Winograd's filter gradient is faster. */
  private static final int MOST_PIXELS = 4;

  /** Images for which the copies pay, half of a strip. */
  private static final int LEAST_IMAGES = 8;

  private final int images;
  private final int blocks;
  private final int pixels;

  private SideBySide(int images, int channels, int pixels) {
    this.images = images;
    this.blocks = Layout.blocks(channels);
    this.pixels = pixels;
  }

  /** Whether a training step should compute a convolution in this way. */
  static boolean pays(ConvShape shape, Context context) {
    return context.recording()
        && context.convOptions().accuracy() != Accuracy.STRICT
        && shape.axes().size() == 2
        && shape.groups() == 1
        && shape.paddingMode() == PaddingMode.ZERO
        && shape.kernelTaps() > 1
        && shape.batch() >= LEAST_IMAGES
        && shape.outputPixels() <= MOST_PIXELS;
  }

  /** The same convolution over images side by side. */
  static ConvShape shape(ConvShape shape) {
    List<Axis> axes = new ArrayList<>(shape.axes());
    axes.add(Axis.of(shape.batch(), 1));
    return new ConvShape(1, shape.inChannels(), shape.outChannels(), 1, axes);
  }

  /** How the inputs of a convolution lie. */
  static SideBySide inputs(ConvShape shape) {
    int pixels = shape.axes().stream().mapToInt(Axis::input).reduce(1, Math::multiplyExact);
    return new SideBySide(shape.batch(), shape.inChannels(), pixels);
  }

  /** How the outputs of a convolution lie. */
  static SideBySide outputs(ConvShape shape) {
    return new SideBySide(shape.batch(), shape.outChannels(), shape.outputPixels());
  }

  /** The images side by side, in a buffer that the caller releases. */
  float[] join(float[] apart, Context context) {
    float[] joined = context.buffer(apart.length);
    Ranges.each(
        context.workers(),
        images * blocks,
        unit ->
            Blocks.copy(
                apart,
                unit * pixels * Layout.BLOCK,
                Layout.BLOCK,
                joined,
                place(unit),
                images * Layout.BLOCK,
                pixels));
    return joined;
  }

  /** Writes what lies side by side as images of their own. */
  void split(float[] joined, float[] apart, Context context) {
    Ranges.each(
        context.workers(),
        images * blocks,
        unit ->
            Blocks.copy(
                joined,
                place(unit),
                images * Layout.BLOCK,
                apart,
                unit * pixels * Layout.BLOCK,
                Layout.BLOCK,
                pixels));
  }

  /** Where the first pixel of a channel block of an image is; units are ordered (image, block). */
  private int place(int unit) {
    return (unit % blocks * pixels * images + unit / blocks) * Layout.BLOCK;
  }
}
