package dev.lanewise.kernels.direct;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.List;

/**
 * A convolution shape brought to three axes, with the sizes that direct convolution works with.
 *
 * <p>A pointwise convolution (one tap, stride 1, no padding) is a single long row: its strips may
 * then run across the ends of rows, and 7 x 7 pixels become strips of 13, 12, 12 and 12 instead of
 * seven strips of 7.
 */
record Geometry(ConvShape shape, Axis depth, Axis height, Axis width) {

  static final int BLOCK = Layout.BLOCK;

  /** Widest pixel stride that the micro-kernels are generated for, in pixels. */
  private static final int KERNEL_STRIDES = 2;

  private static final Axis NONE = Axis.of(1, 1);

  static Geometry of(ConvShape shape) {
    List<Axis> axes = shape.axes();
    if (axes.stream().allMatch(Geometry::pointwise)) {
      return new Geometry(shape, NONE, NONE, Axis.of(shape.inputPixels(), 1));
    }
    int n = axes.size();
    return new Geometry(
        shape, n < 3 ? NONE : axes.get(n - 3), n < 2 ? NONE : axes.get(n - 2), axes.get(n - 1));
  }

  private static boolean pointwise(Axis axis) {
    return axis.kernel() == 1
        && axis.stride() == 1
        && axis.padBefore() == 0
        && axis.padAfter() == 0;
  }

  int inBlocks() {
    return Layout.blocks(shape.inChannels());
  }

  int outBlocks() {
    return Layout.blocks(shape.outChannels());
  }

  /** Floats of one channel block of the input. */
  int inPlane() {
    return depth.input() * height.input() * width.input() * BLOCK;
  }

  /** Floats of one channel block of the output. */
  int outPlane() {
    return depth.output() * height.output() * width.output() * BLOCK;
  }

  /** Columns of a row that the windows touch, padding included. */
  int touchedColumns() {
    return (width.output() - 1) * width.stride() + width.extent();
  }

  /** Whether columns must be rearranged: some are padding, or pixels lie too far apart. */
  boolean needsBand() {
    return width.padBefore() > 0
        || touchedColumns() > width.input()
        || width.stride() > KERNEL_STRIDES;
  }

  /** Phases into which a band deals its columns, so that neighbouring pixels come close. */
  int phases() {
    return width.stride() > KERNEL_STRIDES ? width.stride() : 1;
  }

  /** Columns of one phase. */
  int phaseColumns() {
    return Math.ceilDiv(touchedColumns(), phases());
  }

  /** Floats from one output pixel's input to the next one's: the micro-kernel's pixel stride. */
  int pixelStride() {
    return (phases() > 1 ? 1 : width.stride()) * BLOCK;
  }

  /** Where a column lies within a row whose columns are dealt into phases, in floats. */
  int phasePlace(int column) {
    return (column % phases() * phaseColumns() + column / phases()) * BLOCK;
  }
}
