package dev.lanewise.kernels.transposed;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.ConvAlgorithm;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.simd.Blocks;
import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.kernels.simd.WarmUp;
import dev.lanewise.kernels.transposed.AxisPhases.Reach;
import java.util.List;

/**
 * Transposed convolution of each channel on its own: every row of the input that reaches an output
 * row is added to it, tap by tap of the kernel's row, at pixels that lie a stride apart. The row
 * stays in the first-level cache meanwhile. Most rows of a 3 x 3 kernel with stride 2 are computed
 * by twos instead, from {@link DepthwisePatches}.
 *
 * <p>Each output is summed in the order (plane, row, column) of the taps, so results do not depend
 * on threads, lanes or batch position.
 */
public final class DepthwisePhases implements ConvAlgorithm {

  private static final int BLOCK = Layout.BLOCK;

  /** A multiply-add that reads and writes its sum in the first-level cache. */
  private static final double MEMORY_MULTIPLY_ADD = 3;

  /** An output pixel of a patch: 2.25 multiply-adds and a store that crosses a cache line. */
  private static final double PATCH_PIXEL = 4;

  /** Rows of inputs and patches of a row of a warm-up's call. */
  private static final int WARM_ROWS = 4;

  private static final int WARM_COLUMNS = 4;

  /** Rows of patches that are finished together, while they lie in the second-level cache. */
  private static final int PATCH_ROWS = 8;

  private final PhaseGeometry geometry;
  private final int blocks;
  private final int kernelTaps;
  private final DepthwisePatches kernel = DepthwisePatches.get();
  private final boolean patched;

  /** What each output plane and row looks at, so that runs make no objects. */
  private final Reach[] planeReaches;

  private final Reach[] rowReaches;

  /** Prepares a shape that {@link #computes}. */
  DepthwisePhases(TransposedShape shape) {
    geometry = PhaseGeometry.of(shape);
    blocks = Layout.blocks(shape.outChannels());
    kernelTaps = shape.kernelTaps();
    planeReaches = geometry.depth().reaches();
    rowReaches = geometry.height().reaches();
    patched =
        kernel != null
            && strided(geometry.height())
            && strided(geometry.width())
            && geometry.depth().equals(AxisPhases.NONE);
  }

  /** Whether an axis is one of patches. */
  private static boolean strided(AxisPhases axis) {
    return axis.kernel() == 3
        && axis.stride() == 2
        && axis.dilation() == 1
        && axis.padBefore() <= 1
        && axis.input() > 1
        && axis.output() > 2;
  }

  /** Whether every channel of a shape is a group of its own. */
  static boolean computes(TransposedShape shape) {
    return shape.groups() == shape.inChannels() && shape.groups() == shape.outChannels();
  }

  @Override
  public int filterFloats() {
    return blocks * kernelTaps * BLOCK;
  }

  @Override
  public int scratchFloats() {
    return 0;
  }

  /** Packs {@code [channel][taps]} as {@code [block][tap][16]}. */
  @Override
  public void pack(float[] filter, float[] packed) {
    for (int channel = 0; channel < geometry.shape().outChannels(); channel++) {
      int to = channel / BLOCK * kernelTaps * BLOCK + channel % BLOCK;
      for (int tap = 0; tap < kernelTaps; tap++) {
        packed[to + tap * BLOCK] = filter[channel * kernelTaps + tap];
      }
    }
  }

  /** Output rows of all planes, blocks and images. */
  private int units() {
    return geometry.shape().batch() * blocks * geometry.rows();
  }

  @Override
  public void run(int worker, int workers, Scratch scratch, ConvCall call) {
    int end = Workers.start(units(), worker + 1, workers);
    for (int unit = Workers.start(units(), worker, workers), next; unit < end; unit = next) {
      int row = unit % geometry.rows();
      int block = unit / geometry.rows() % blocks;
      int image = unit / geometry.rows() / blocks;
      next = unit + patchRows(row, Math.min(geometry.rows(), row + end - unit));
      if (next > unit) {
        patches(call, image, block, row, next - unit);
      } else {
        next = unit + 1;
        row(call, image, block, row, 0, geometry.width().output());
      }
      int width = geometry.width().output();
      call.finish(image, block, row * width, (next - unit) * width);
    }
  }

  /** Rows of an image from one on that are two by two those of patches; none if there are none. */
  private int patchRows(int row, int endRow) {
    AxisPhases height = geometry.height();
    int plane = row / height.output();
    int y = row - plane * height.output();
    if (!patched || (y + height.padBefore()) % 2 == 0) {
      return 0;
    }
    int input = (y + height.padBefore() - 1) / 2;
    int rows = Math.min(endRow - row, height.output() - y) / 2;
    return 2 * Math.clamp(Math.min(rows, PATCH_ROWS), 0, Math.max(0, height.input() - 1 - input));
  }

  /** The first column of a patch: one that the middle tap alone reaches. */
  private int firstPatch() {
    return 1 - geometry.width().padBefore();
  }

  /** Whole patches of a row. */
  private int patchColumns() {
    AxisPhases width = geometry.width();
    return Math.min(width.input() - 1, (width.output() - firstPatch()) / 2);
  }

  /** Columns of the patch after them, which has no right neighbour. */
  private int over() {
    return Math.min(2, geometry.width().output() - firstPatch() - 2 * patchColumns());
  }

  private void patches(ConvCall call, int image, int block, int row, int rows) {
    AxisPhases height = geometry.height();
    AxisPhases width = geometry.width();
    int plane = row / height.output();
    int input = (row - plane * height.output() + height.padBefore() - 1) / 2;
    int first = firstPatch();
    int columns = patchColumns();
    int over = over();
    int covered = first + 2 * columns + over;
    int outRow = width.output() * BLOCK;
    int out = call.outputImage(image) + (block * geometry.rows() + row) * outRow;
    kernel.addBlock(
        rows / 2,
        columns,
        over,
        call.input(),
        call.inputImage(image)
            + block * geometry.inPlane()
            + plane * geometry.planeFloats()
            + input * geometry.rowFloats(),
        geometry.rowFloats(),
        call.weights(),
        block * kernelTaps * BLOCK,
        call.bias(),
        block * BLOCK,
        call.output(),
        out + first * BLOCK,
        outRow);
    for (int r = row; r < row + rows; r++) {
      row(call, image, block, r, 0, first);
      row(call, image, block, r, covered, width.output());
    }
  }

  /** Some columns of a row of any kernel. */
  private void row(ConvCall call, int image, int block, int row, int column, int endColumn) {
    if (column >= endColumn) {
      return;
    }
    int width = geometry.width().output();
    int out = call.outputImage(image) + (block * geometry.rows() + row) * width * BLOCK;
    int to = out + column * BLOCK;
    Blocks.copy(call.bias(), block * BLOCK, 0, call.output(), to, BLOCK, endColumn - column);
    AxisPhases height = geometry.height();
    Reach planes = planeReaches[row / height.output()];
    Reach rows = rowReaches[row % height.output()];
    int input = call.inputImage(image) + block * geometry.inPlane();
    for (int d = 0; d < planes.taps(); d++) {
      int plane = planes.input() - d * geometry.depth().inputStep();
      int tapPlane = planes.firstTap() + d * geometry.depth().tapStep();
      for (int h = 0; h < rows.taps(); h++) {
        int inRow = plane * height.input() + rows.input() - h * height.inputStep();
        int tapRow = rows.firstTap() + h * height.tapStep();
        int tap = (tapPlane * height.kernel() + tapRow) * geometry.width().kernel();
        int from = input + inRow * geometry.rowFloats();
        addRow(call, from, (block * kernelTaps + tap) * BLOCK, out, column, endColumn);
      }
    }
  }

  /** Adds columns of one row of the input through one row of the kernel. */
  private void addRow(ConvCall call, int input, int filter, int out, int column, int endColumn) {
    AxisPhases width = geometry.width();
    for (int tap = 0; tap < width.kernel(); tap++) {
      int shift = width.padBefore() - tap * width.dilation();
      int first = Math.max(0, Math.ceilDiv(column + shift, width.stride()));
      int end = Math.min(width.input(), Math.ceilDiv(endColumn + shift, width.stride()));
      Blocks.multiplyAdd(
          call.input(),
          input + first * BLOCK,
          BLOCK,
          call.weights(),
          filter + tap * BLOCK,
          call.output(),
          out + (first * width.stride() - shift) * BLOCK,
          width.stride() * BLOCK,
          Math.max(0, end - first));
    }
  }

  @Override
  public double cost(int worker, int workers) {
    int share =
        Workers.start(units(), worker + 1, workers) - Workers.start(units(), worker, workers);
    return share * geometry.width().output() * costOfPixel();
  }

  private double costOfPixel() {
    if (patched) {
      return PATCH_PIXEL;
    }
    double inputsPerOutput =
        (double) geometry.depth().input()
            * geometry.height().input()
            * geometry.width().input()
            / (geometry.rows() * geometry.width().output());
    return 1 + MEMORY_MULTIPLY_ADD * kernelTaps * inputsPerOutput;
  }

  /** Only patches: the other loop C2 compiles soon. */
  @Override
  public void warmUp(boolean residual) {
    if (!patched) {
      return;
    }
    float[] in = new float[WARM_ROWS * geometry.rowFloats()];
    int outRow = geometry.width().output() * BLOCK;
    float[] out = new float[2 * WARM_ROWS * outRow];
    float[] filter = new float[kernelTaps * BLOCK];
    int rows = WARM_ROWS - 1;
    int columns = Math.min(WARM_COLUMNS, patchColumns());
    WarmUp.drive(
        () ->
            kernel.addBlock(
                rows,
                columns,
                over(),
                in,
                0,
                geometry.rowFloats(),
                filter,
                0,
                filter,
                0,
                out,
                0,
                outRow),
        500 + 20L * rows * columns * BLOCK / Lanes.LANES);
  }

  @Override
  public List<String> explain() {
    return List.of(
        "%d output rows, each the sum of the input rows that reach it".formatted(units()));
  }
}
