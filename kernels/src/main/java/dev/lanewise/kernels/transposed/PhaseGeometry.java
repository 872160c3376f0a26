package dev.lanewise.kernels.transposed;

import dev.lanewise.kernels.layout.Layout;
import java.util.List;

/**
 * A transposed convolution brought to three axes.
 *
 * @param shape the problem
 * @param columnsBefore columns of zeros that taps look at before a row of the input
 * @param columnsAfter columns of zeros that they look at after it
 */
record PhaseGeometry(
    TransposedShape shape,
    AxisPhases depth,
    AxisPhases height,
    AxisPhases width,
    int columnsBefore,
    int columnsAfter) {

  static final int BLOCK = Layout.BLOCK;

  static PhaseGeometry of(TransposedShape shape) {
    List<AxisPhases> axes = shape.axes().stream().map(AxisPhases::of).toList();
    int n = axes.size();
    AxisPhases width = axes.get(n - 1);
    int before = 0;
    int after = 0;
    for (int phase = 0; phase < Math.min(width.stride(), width.output()); phase++) {
      int tap = width.firstTap(phase);
      if (tap < width.kernel()) {
        int last = (width.output() - 1 - phase) / width.stride();
        int earlier = (width.taps(tap) - 1) * width.inputStep();
        before = Math.max(before, earlier - width.inputOf(phase, tap));
        after = Math.max(after, width.inputOf(phase, tap) + last - width.input() + 1);
      }
    }
    return new PhaseGeometry(
        shape,
        n < 3 ? AxisPhases.NONE : axes.get(n - 3),
        n < 2 ? AxisPhases.NONE : axes.get(n - 2),
        width,
        before,
        after);
  }

  int inBlocks() {
    return Layout.blocks(shape.inChannels());
  }

  int outBlocks() {
    return Layout.blocks(shape.outChannels());
  }

  /** Output rows of an image, counted through its planes. */
  int rows() {
    return depth.output() * height.output();
  }

  /** Floats of a row of the input. */
  int rowFloats() {
    return width.input() * BLOCK;
  }

  /** Floats of one plane of a channel block of the input. */
  int planeFloats() {
    return height.input() * rowFloats();
  }

  /** Floats of one channel block of the input. */
  int inPlane() {
    return depth.input() * planeFloats();
  }

  /** Floats of one channel block of the output. */
  int outPlane() {
    return rows() * width.output() * BLOCK;
  }

  /** Whether rows must be copied, because taps look beyond their ends. */
  boolean needsBand() {
    return columnsBefore > 0 || columnsAfter > 0;
  }
}
