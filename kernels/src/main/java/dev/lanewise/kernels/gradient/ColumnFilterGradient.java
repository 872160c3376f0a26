package dev.lanewise.kernels.gradient;

import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.FilterGradientCall;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.Blocks;
import dev.lanewise.kernels.simd.FilterReduce;
import dev.lanewise.kernels.simd.Interleave;
import dev.lanewise.kernels.simd.PixelTable;
import java.util.Arrays;
import java.util.List;

/**
 * Gradient by filter over few pixels: the input is brought into the filter's own order first,
 * {@code [input block][pixel][channel][tap]}, so that sums are written where they belong.
 *
 * <p>{@link ReducedFilterGradient} sums {@code [tap][channel]} and interleaves each sum afterwards,
 * at a cost of 20 to 30 multiply-adds for each vector of the filter. Here the interleaving is one
 * of pixels, not of output channels: for 512 of them and 7 x 7 pixels a tenth of the work. What
 * lies in the padding is summed, too, a tenth of the products there.
 */
final class ColumnFilterGradient {

  private static final int BLOCK = FilterGeometry.BLOCK;

  /**
   * Floats of the columns of a panel of input blocks, a quarter of a second-level cache of 1 MiB.
   * Wide panels are written in long runs: one block at a time, the lines that stores wait for cost
   * a fifth.
   */
  private static final int PANEL_FLOATS = 64 << 10;

  /** A block's columns of so many pixels are hardly more than that. */
  private static final int MOST_PIXELS = 256;

  /** The product of a pixel. */
  private static final double PIXEL = 1.1;

  /** A vector of sums, begun and written. */
  private static final double WRITTEN = 5;

  private final FilterGeometry geometry;
  private final FilterReduce kernel = FilterReduce.get();
  private final int taps;
  private final int pixels;

  /** The pixels' columns and gradients. */
  private final PixelTable table;

  /** Floats of the columns of a block. */
  private final int columnFloats;

  /** Panels of input blocks, and the most blocks of one. */
  private final int panels;

  private final int panelBlocks;

  /** Groups of 8 output channels. */
  private final int rows;

  private final Task sum = this::sum;
  private FilterGradientCall call;

  /** Prepares the tables of a shape that {@link #suits}. */
  ColumnFilterGradient(ConvShape shape) {
    geometry = FilterGeometry.of(shape);
    taps = geometry.taps();
    pixels = shape.batch() * shape.outputPixels();
    columnFloats = pixels * taps * BLOCK;
    int most = Math.clamp(PANEL_FLOATS / columnFloats, 1, geometry.inBlocks());
    panels = Math.ceilDiv(geometry.inBlocks(), most);
    panelBlocks = Math.ceilDiv(geometry.inBlocks(), panels);
    rows = shape.outChannels() / FilterReduce.ROWS;
    int[] columns = new int[pixels];
    int[] gradients = new int[pixels];
    for (int i = 0; i < pixels; i++) {
      columns[i] = i * taps * BLOCK;
      gradients[i] =
          i / shape.outputPixels() * geometry.outImage() + i % shape.outputPixels() * BLOCK;
    }
    table = new PixelTable(columns, gradients);
  }

  /** Whether a shape has whole blocks of channels in one group, and fewer pixels than channels. */
  static boolean suits(ConvShape shape) {
    FilterGeometry geometry = FilterGeometry.of(shape);
    long pixels = (long) shape.batch() * shape.outputPixels();
    return shape.groups() == 1
        && geometry.taps() > 1
        && geometry.depth().input() == 1
        && geometry.depth().padded() == 1
        && shape.inChannels() % BLOCK == 0
        && shape.outChannels() % FilterReduce.ROWS == 0
        && pixels <= Math.min(MOST_PIXELS, shape.outChannels());
  }

  void run(FilterGradientCall operands, Workers workers) {
    call = operands;
    try {
      workers.run(sum);
    } finally {
      call = null;
    }
  }

  /** Sums a share of the panels of input blocks and output channels. */
  private void sum(int worker, int workers, Scratch scratch) {
    int gathered = panelBlocks * columnFloats;
    float[] memory = scratch.floats(gathered + columnFloats);
    // Taps in the padding stay as they are.
    Arrays.fill(memory, gathered, gathered + columnFloats, 0f);
    int end = Workers.start(panels * rows, worker + 1, workers);
    for (int unit = Workers.start(panels * rows, worker, workers), next; unit < end; unit = next) {
      int panel = unit / rows;
      next = Math.min(end, (panel + 1) * rows);
      int first = Workers.start(geometry.inBlocks(), panel, panels);
      int endBlock = Workers.start(geometry.inBlocks(), panel + 1, panels);
      for (int block = first; block < endBlock; block++) {
        layOut(block, memory, (block - first) * columnFloats, gathered);
      }
      for (; unit < next; unit++) {
        for (int block = first; block < endBlock; block++) {
          sumBlock(block, unit % rows, memory, (block - first) * columnFloats);
        }
      }
    }
  }

  /** Gathers what the taps of each pixel see in a block, and puts it into the filter's order. */
  private void layOut(int block, float[] memory, int to, int gathered) {
    for (int tap = 0; tap < taps; tap++) {
      gather(block, tap, memory, gathered + tap * BLOCK);
    }
    int column = taps * BLOCK;
    Interleave.runs(memory, gathered, BLOCK, column, taps, BLOCK, memory, to, column, pixels);
  }

  private void gather(int block, int tap, float[] memory, int to) {
    Axis height = geometry.height();
    Axis width = geometry.width();
    int tapRow = tap / width.kernel();
    int tapColumn = tap % width.kernel();
    int first = Math.max(0, Math.ceilDiv(-width.position(0, tapColumn), width.stride()));
    int end = width.output();
    while (end > first && width.position(end - 1, tapColumn) >= width.input()) {
      end--;
    }
    for (int image = 0; image < geometry.shape().batch() && first < end; image++) {
      int plane = call.inputFirst() + (image * geometry.inBlocks() + block) * geometry.inPlane();
      for (int y = 0; y < height.output(); y++) {
        int row = height.position(y, tapRow);
        if (row >= 0 && row < height.input()) {
          int pixel = (image * height.output() + y) * width.output() + first;
          Blocks.copy(
              call.input(),
              plane + row * geometry.inRow() + width.position(first, tapColumn) * BLOCK,
              width.stride() * BLOCK,
              memory,
              to + pixel * taps * BLOCK,
              taps * BLOCK,
              end - first);
        }
      }
    }
  }

  private void sumBlock(int block, int row, float[] memory, int columns) {
    int channel = geometry.shape().inChannels() * taps;
    int first = row * FilterReduce.ROWS;
    int gradient = call.gradOutputFirst() + first / BLOCK * geometry.outPlane() + first % BLOCK;
    int out = call.gradFilterFirst() + first * channel + block * taps * BLOCK;
    for (int i = 0, next; i < taps; i = next) {
      next = i + vectors(i);
      kernel.sum(
          false,
          next - i,
          memory,
          columns + i * BLOCK,
          BLOCK,
          call.gradOutput(),
          gradient,
          table,
          call.gradFilter(),
          out + i * BLOCK,
          channel,
          BLOCK);
    }
  }

  /** Estimated work, as {@link ReducedFilterGradient#cost}. */
  static double cost(ConvShape shape) {
    double pixels = (double) shape.batch() * shape.outputPixels();
    return (pixels * PIXEL + WRITTEN) * FilterRows.floats(FilterGeometry.of(shape)) / BLOCK;
  }

  /** Vectors of a column that are summed together: four are two and two. */
  private int vectors(int first) {
    int left = taps - first;
    return left == FilterReduce.MOST_BLOCKS + 1 ? 2 : Math.min(left, FilterReduce.MOST_BLOCKS);
  }

  /** Calls the micro-kernels until they are compiled. */
  void warmUp() {
    Interleave.warmUpRuns(taps);
    Interleave.warmUp(taps, false);
    for (int i = 0; i < taps; i += vectors(i)) {
      kernel.warmUp(false, vectors(i));
    }
  }

  /** How the work is cut. */
  List<String> explain() {
    return List.of(
        "%d panels of up to %d input blocks x %d x %d output channels, columns of %d pixels"
            .formatted(panels, panelBlocks, rows, FilterReduce.ROWS, pixels));
  }
}
