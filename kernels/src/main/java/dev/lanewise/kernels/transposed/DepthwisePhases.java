package dev.lanewise.kernels.transposed;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.ConvAlgorithm;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.simd.Blocks;
import dev.lanewise.kernels.transposed.AxisPhases.Reach;
import java.util.List;

/**
 * Transposed convolution of each channel on its own: every row of the input that reaches an output
 * row is added to it, tap by tap of the kernel's row, at pixels that lie a stride apart. The row
 * stays in the first-level cache meanwhile.
 *
 * <p>Each output is summed in the order (plane, row, column) of the taps, so results do not depend
 * on threads, lanes or batch position.
 */
public final class DepthwisePhases implements ConvAlgorithm {

  private static final int BLOCK = Layout.BLOCK;

  /** A multiply-add that reads and writes its sum in the first-level cache. */
  private static final double MEMORY_MULTIPLY_ADD = 3;

  private final PhaseGeometry geometry;
  private final int blocks;
  private final int kernelTaps;

  /** Prepares a shape that {@link #computes}. */
  DepthwisePhases(TransposedShape shape) {
    geometry = PhaseGeometry.of(shape);
    blocks = Layout.blocks(shape.outChannels());
    kernelTaps = shape.kernelTaps();
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
    for (int unit = Workers.start(units(), worker, workers); unit < end; unit++) {
      int row = unit % geometry.rows();
      int block = unit / geometry.rows() % blocks;
      row(call, unit / geometry.rows() / blocks, block, row);
    }
  }

  private void row(ConvCall call, int image, int block, int row) {
    int width = geometry.width().output();
    int out = call.outputImage(image) + (block * geometry.rows() + row) * width * BLOCK;
    Blocks.copy(call.bias(), block * BLOCK, 0, call.output(), out, BLOCK, width);
    AxisPhases height = geometry.height();
    Reach planes = geometry.depth().reach(row / height.output());
    Reach rows = height.reach(row % height.output());
    int input = call.inputImage(image) + block * geometry.inPlane();
    for (int d = 0; d < planes.taps(); d++) {
      int plane = planes.input() - d * geometry.depth().inputStep();
      int tapPlane = planes.firstTap() + d * geometry.depth().tapStep();
      for (int h = 0; h < rows.taps(); h++) {
        int inRow = plane * height.input() + rows.input() - h * height.inputStep();
        int tapRow = rows.firstTap() + h * height.tapStep();
        int tap = (tapPlane * height.kernel() + tapRow) * geometry.width().kernel();
        addRow(call, input + inRow * geometry.rowFloats(), (block * kernelTaps + tap) * BLOCK, out);
      }
    }
    call.finish(image, block, row * width, width);
  }

  /** Adds one row of the input through one row of the kernel. */
  private void addRow(ConvCall call, int input, int filter, int out) {
    AxisPhases width = geometry.width();
    for (int tap = 0; tap < width.kernel(); tap++) {
      int shift = width.padBefore() - tap * width.dilation();
      int first = Math.max(0, Math.ceilDiv(shift, width.stride()));
      int end = Math.min(width.input(), Math.ceilDiv(width.output() + shift, width.stride()));
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
    double inputsPerOutput =
        (double) geometry.depth().input()
            * geometry.height().input()
            * geometry.width().input()
            / (geometry.rows() * geometry.width().output());
    double perPixel = 1 + MEMORY_MULTIPLY_ADD * kernelTaps * inputsPerOutput;
    return share * geometry.width().output() * perPixel;
  }

  /** There is one loop, which C2 compiles soon. */
  @Override
  public void warmUp() {}

  @Override
  public List<String> explain() {
    return List.of(
        "%d output rows, each the sum of the input rows that reach it".formatted(units()));
  }
}
