package dev.lanewise.kernels.transposed;

/**
 * The columns of an output row whose distance is the stride.
 *
 * @param phase first such column
 * @param stride the stride
 * @param firstTap first tap that reaches them, or the kernel size if none does
 * @param shift input column that this tap looks at for the first such column
 */
record ColumnPhase(int phase, int stride, int firstTap, int shift) {

  static ColumnPhase[] all(PhaseGeometry geometry) {
    AxisPhases width = geometry.width();
    ColumnPhase[] phases = new ColumnPhase[Math.min(width.stride(), width.output())];
    for (int p = 0; p < phases.length; p++) {
      int tap = width.firstTap(p);
      phases[p] =
          new ColumnPhase(
              p, width.stride(), tap, tap == width.kernel() ? 0 : width.inputOf(p, tap));
    }
    return phases;
  }

  /** Columns of this phase in a piece that begins at a multiple of the stride. */
  int pixels(int column, int endColumn) {
    return Math.ceilDiv(endColumn - column - phase, stride);
  }

  /** Input column of the first of them for the first tap; it may be outside the input. */
  int input(int column) {
    return column / stride + shift;
  }
}
