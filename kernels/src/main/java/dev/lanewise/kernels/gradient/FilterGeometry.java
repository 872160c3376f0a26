package dev.lanewise.kernels.gradient;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.List;

/**
 * A convolution shape brought to three axes, with the sizes that the gradient by filter works with.
 * All pixels of a pointwise convolution are a single long row.
 */
record FilterGeometry(ConvShape shape, Axis depth, Axis height, Axis width) {

  static final int BLOCK = Layout.BLOCK;

  /** Widest distance of pixels that the micro-kernels are generated for, in pixels. */
  private static final int KERNEL_STRIDES = 2;

  private static final Axis NONE = Axis.of(1, 1);

  static FilterGeometry of(ConvShape shape) {
    List<Axis> axes = shape.axes();
    if (axes.stream().allMatch(axis -> axis.equals(Axis.of(axis.input(), 1)))) {
      return new FilterGeometry(shape, NONE, NONE, Axis.of(shape.inputPixels(), 1));
    }
    int n = axes.size();
    return new FilterGeometry(
        shape, n < 3 ? NONE : axes.get(n - 3), n < 2 ? NONE : axes.get(n - 2), axes.get(n - 1));
  }

  int inBlocks() {
    return Layout.blocks(shape.inChannels());
  }

  int outBlocks() {
    return Layout.blocks(shape.outChannels());
  }

  int taps() {
    return depth.kernel() * height.kernel() * width.kernel();
  }

  /** Floats of a row of the input. */
  int inRow() {
    return width.input() * BLOCK;
  }

  /** Floats of one channel block of the input. */
  int inPlane() {
    return depth.input() * height.input() * inRow();
  }

  /** Floats of one image of the input. */
  int inImage() {
    return inBlocks() * inPlane();
  }

  /** Floats of one channel block of the output. */
  int outPlane() {
    return depth.output() * height.output() * width.output() * BLOCK;
  }

  /** Floats of one image of the output. */
  int outImage() {
    return outBlocks() * outPlane();
  }

  /** Columns of a row that the windows touch, padding included. */
  int touchedColumns() {
    return (width.output() - 1) * width.stride() + width.extent();
  }

  /** Whether rows must be copied: some columns are padding, or pixels lie too far apart. */
  boolean needsBand() {
    return width.padBefore() > 0
        || touchedColumns() > width.input()
        || width.stride() > KERNEL_STRIDES;
  }

  /** Phases into which copied columns are dealt, so that neighbouring pixels come close. */
  int phases() {
    return width.stride() > KERNEL_STRIDES ? width.stride() : 1;
  }

  private int phaseColumns() {
    return Math.ceilDiv(touchedColumns(), phases());
  }

  /** Floats from one output pixel's input to the next one's. */
  int inPixel() {
    return (phases() > 1 ? 1 : width.stride()) * BLOCK;
  }

  /** Where a touched column lies within a row whose columns are dealt into phases, in floats. */
  int place(int column) {
    return (column % phases() * phaseColumns() + column / phases()) * BLOCK;
  }

  /** Where a tap of the last axis looks, relative to the first tap, in floats. */
  int tapPlace(int tap) {
    return place(tap * width.dilation());
  }

  /** Floats of a copied row. */
  int bandRow() {
    return phases() * phaseColumns() * BLOCK;
  }
}
