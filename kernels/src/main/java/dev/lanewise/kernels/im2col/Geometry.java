package dev.lanewise.kernels.im2col;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.List;

/**
 * The numbers of a convolution that its loops use: always three axes, the missing ones of size 1.
 */
final class Geometry {

  final int batch;
  final int groups;

  /** Input and output channels of a group. */
  final int inGroup;

  final int outGroup;

  /** Channel blocks of an image. */
  final int inBlocks;

  final int outBlocks;
  final int outChannels;
  final int inPixels;
  final int outPixels;

  /**
   * Taps of the kernel and terms of an output element, in the order (tap, channel of the group).
   */
  final int taps;

  final int terms;
  final Axis depth;
  final Axis height;
  final Axis width;
  final int outHeight;
  final int outWidth;

  /** Output rows of all planes. */
  final int outRows;

  Geometry(ConvShape shape) {
    batch = shape.batch();
    groups = shape.groups();
    inGroup = shape.inChannels() / groups;
    outGroup = shape.outChannels() / groups;
    inBlocks = Layout.blocks(shape.inChannels());
    outBlocks = Layout.blocks(shape.outChannels());
    outChannels = shape.outChannels();
    inPixels = shape.inputPixels();
    outPixels = shape.outputPixels();
    taps = shape.kernelTaps();
    terms = shape.terms();
    List<Axis> axes = shape.axes();
    width = axes.getLast();
    height = axes.size() > 1 ? axes.get(axes.size() - 2) : Axis.of(1, 1);
    depth = axes.size() > 2 ? axes.getFirst() : Axis.of(1, 1);
    outHeight = height.output();
    outWidth = width.output();
    outRows = depth.output() * outHeight;
  }

  /** Position of a tap along the width; likewise {@link #tapRow} and {@link #tapPlane}. */
  int tapColumn(int tap) {
    return tap % width.kernel();
  }

  int tapRow(int tap) {
    return tap / width.kernel() % height.kernel();
  }

  int tapPlane(int tap) {
    return tap / (width.kernel() * height.kernel());
  }

  /**
   * The input pixel where a row of the input begins that an output row sees through a tap, or -1 if
   * it lies in the padding.
   *
   * @param outRow output row, counted through the planes
   */
  int inputRow(int outRow, int tap) {
    int d = depth.position(outRow / outHeight, tapPlane(tap));
    int h = height.position(outRow % outHeight, tapRow(tap));
    if (d < 0 || d >= depth.input() || h < 0 || h >= height.input()) {
      return -1;
    }
    return (d * height.input() + h) * width.input();
  }

  /** First output column that sees the input through a tap. */
  int firstColumn(int tap) {
    int before = width.padBefore() - tapColumn(tap) * width.dilation();
    int first = before <= 0 ? 0 : (before + width.stride() - 1) / width.stride();
    return Math.min(first, outWidth);
  }

  /** One past the last output column that sees the input through a tap; at least the first. */
  int endColumn(int tap) {
    int room = width.input() + width.padBefore() - tapColumn(tap) * width.dilation();
    int end = room <= 0 ? 0 : (room + width.stride() - 1) / width.stride();
    return Math.clamp(end, firstColumn(tap), outWidth);
  }

  /** Where an output channel of a pixel lies in NCHW16C. */
  int output(int image, int channel, int pixel) {
    int block = image * outBlocks + channel / Layout.BLOCK;
    return (block * outPixels + pixel) * Layout.BLOCK + channel % Layout.BLOCK;
  }

  /** Whether groups of output channels begin where channel blocks do. */
  boolean alignedOutput() {
    return groups == 1 || outGroup % Layout.BLOCK == 0;
  }

  /** Whether the input, as it lies, is the left operand of the product. */
  boolean pointwise() {
    return taps == 1
        && inPixels == outPixels
        && unpadded(depth)
        && unpadded(height)
        && unpadded(width)
        && (groups == 1 || inGroup % Layout.BLOCK == 0);
  }

  private static boolean unpadded(Axis axis) {
    return axis.stride() == 1 && axis.padBefore() == 0 && axis.padAfter() == 0;
  }
}
