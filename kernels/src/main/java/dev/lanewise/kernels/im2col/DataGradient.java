package dev.lanewise.kernels.im2col;

import dev.lanewise.kernels.gemm.Panels;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.Blocks;
import dev.lanewise.kernels.simd.Taps;
import java.util.Arrays;

/**
 * Gradient of the input: the output's gradient times the filter, then each tap's part added where
 * the tap had looked (col2im).
 *
 * <p>A panel holds two taps of one block of 16 input channels of a group, so that the additions are
 * whole pixels of 16 lanes. Every input block of an image is summed by one worker in one order.
 */
final class DataGradient {

  private static final int BLOCK = Layout.BLOCK;
  private static final float[] ZEROS = new float[Panels.COLUMNS];

  private final BatchReduce kernel = BatchReduce.get();
  private final Geometry geometry;

  /** Whether both channels of groups begin with blocks, so that blocks can be used in place. */
  private final boolean alignedInput;

  private final int inBlocks;
  private final int depth;
  private final int panels;
  private final Taps pair;
  private final Taps single;
  private final float[] packed;
  private final Task pack = this::pack;
  private final Task sum = this::sum;
  private float[] filter;
  private float[] gradOutput;
  private float[] gradInput;

  DataGradient(Geometry geometry) {
    this.geometry = geometry;
    alignedInput = geometry.groups == 1 || geometry.inGroup % BLOCK == 0;
    inBlocks = Layout.blocks(geometry.inGroup);
    depth = Panels.depthTaps(geometry.outGroup);
    panels = Panels.count(geometry.taps * BLOCK);
    int rows = geometry.alignedOutput() ? geometry.outPixels : Panels.ROWS;
    pair = Panels.taps(depth, rows, 2);
    single = Panels.taps(depth, rows, 1);
    packed =
        new float
            [Check.elements(
                "packed filter", geometry.groups, inBlocks, depth, geometry.taps, BLOCK * BLOCK)];
  }

  void run(float[] filterValues, float[] gradient, float[] result, Workers workers) {
    filter = filterValues;
    gradOutput = gradient;
    gradInput = result;
    try {
      workers.run(pack);
      workers.run(sum);
    } finally {
      filter = null;
      gradOutput = null;
      gradInput = null;
    }
  }

  /** Where the panels of a group's input block begin: {@code [panel][depth][16][16 or 32]}. */
  private int panelsBase(int group, int block) {
    return (group * inBlocks + block) * depth * geometry.taps * BLOCK * BLOCK;
  }

  private void pack(int worker, int workers, Scratch scratch) {
    int units = geometry.groups * geometry.inGroup;
    int end = Workers.start(units, worker + 1, workers);
    for (int unit = Workers.start(units, worker, workers); unit < end; unit++) {
      int group = unit / geometry.inGroup;
      int channel = unit % geometry.inGroup;
      int base = panelsBase(group, channel / BLOCK) + channel % BLOCK;
      for (int tap = 0; tap < geometry.taps; tap++) {
        int panel = tap / 2;
        int width = Panels.blocks(panel, geometry.taps * BLOCK) * BLOCK;
        int to = base + panel * depth * Panels.TAP + tap % 2 * BLOCK;
        int from = (group * geometry.outGroup * geometry.inGroup + channel) * geometry.taps + tap;
        int step = geometry.inGroup * geometry.taps;
        for (int k = 0; k < geometry.outGroup; k++) {
          packed[to + k * width] = filter[from + k * step];
        }
      }
    }
  }

  private void sum(int worker, int workers, Scratch scratch) {
    int blocks = alignedInput ? geometry.inBlocks : 1;
    int units = geometry.batch * blocks;
    int tile = geometry.alignedOutput() ? 0 : depth * Panels.ROWS * BLOCK;
    float[] memory = scratch.floats(tile + 2 * Panels.ROWS * BLOCK);
    int end = Workers.start(units, worker + 1, workers);
    for (int unit = Workers.start(units, worker, workers); unit < end; unit++) {
      int image = unit / blocks;
      if (alignedInput) {
        int block = unit % blocks;
        int group = block / inBlocks;
        int to = unit * geometry.inPixels * BLOCK;
        Arrays.fill(gradInput, to, to + geometry.inPixels * BLOCK, 0f);
        block(image, group, block % inBlocks, memory, tile);
      } else {
        int to = image * geometry.inBlocks * geometry.inPixels * BLOCK;
        Arrays.fill(gradInput, to, to + geometry.inBlocks * geometry.inPixels * BLOCK, 0f);
        for (int group = 0; group < geometry.groups; group++) {
          for (int block = 0; block < inBlocks; block++) {
            block(image, group, block, memory, tile);
          }
        }
      }
    }
  }

  /** All that one block of 16 input channels of a group receives. */
  private void block(int image, int group, int block, float[] memory, int tile) {
    int channel = group * geometry.inGroup + block * BLOCK;
    int lanes = Math.min(BLOCK, geometry.inGroup - block * BLOCK);
    int chunks = (geometry.outPixels + Panels.ROWS - 1) / Panels.ROWS;
    for (int chunk = 0; chunk < chunks; chunk++) {
      int from = (int) ((long) geometry.outPixels * chunk / chunks);
      int to = (int) ((long) geometry.outPixels * (chunk + 1) / chunks);
      float[] left = gradOutput;
      int firstBlock = group * geometry.outGroup / BLOCK;
      int leftBase =
          ((image * geometry.outBlocks + firstBlock) * geometry.outPixels + from) * BLOCK;
      if (!geometry.alignedOutput()) {
        gather(image, group, from, to, memory);
        left = memory;
        leftBase = 0;
      }
      for (int panel = 0; panel < panels; panel++) {
        int blocks = Panels.blocks(panel, geometry.taps * BLOCK);
        Panels.multiply(
            kernel,
            blocks,
            to - from,
            left,
            leftBase,
            blocks == 2 ? pair : single,
            packed,
            panelsBase(group, block) + panel * depth * Panels.TAP,
            ZEROS,
            0,
            0,
            BLOCK,
            memory,
            tile,
            BLOCK,
            Panels.ROWS * BLOCK);
        for (int b = 0; b < blocks; b++) {
          int source = tile + b * Panels.ROWS * BLOCK;
          scatter(image, channel, lanes, 2 * panel + b, from, to, memory, source);
        }
      }
    }
  }

  /** Packs the channels of a group that shares its blocks with others. */
  private void gather(int image, int group, int from, int to, float[] memory) {
    for (int c = 0; c < depth * BLOCK; c++) {
      int target = c / BLOCK * Panels.ROWS * BLOCK + c % BLOCK;
      int channel = group * geometry.outGroup + c;
      int block = image * geometry.outBlocks + channel / BLOCK;
      int source = (block * geometry.outPixels + from) * BLOCK + channel % BLOCK;
      for (int p = 0; p < to - from; p++) {
        memory[target + p * BLOCK] = c < geometry.outGroup ? gradOutput[source + p * BLOCK] : 0;
      }
    }
  }

  /** Adds one tap's part of some output pixels to the pixels that the tap had looked at. */
  private void scatter(
      int image, int channel, int lanes, int tap, int from, int to, float[] tile, int source) {
    int base = (image * geometry.inBlocks + channel / BLOCK) * geometry.inPixels;
    int stride = geometry.width.stride();
    int first = geometry.firstColumn(tap);
    int end = geometry.endColumn(tap);
    int pixel = from;
    while (pixel < to) {
      int row = pixel / geometry.outWidth;
      int column = pixel - row * geometry.outWidth;
      int columns = Math.min(geometry.outWidth - column, to - pixel);
      int inputRow = geometry.inputRow(row, tap);
      int lo = Math.max(first, column);
      int hi = Math.min(end, column + columns);
      if (inputRow >= 0 && lo < hi) {
        int seen = inputRow + geometry.width.position(lo, geometry.tapColumn(tap));
        int s = source + (pixel - from + lo - column) * BLOCK;
        int d = (base + seen) * BLOCK;
        if (!alignedInput) {
          addLanes(tile, s, channel % BLOCK, lanes, d, stride, hi - lo);
        } else {
          Blocks.add(tile, s, BLOCK, gradInput, d, stride * BLOCK, hi - lo);
        }
      }
      pixel += columns;
    }
  }

  /** Adds channels that begin inside a block and may reach into the next. */
  private void addLanes(
      float[] tile, int from, int firstLane, int lanes, int to, int stride, int pixels) {
    for (int c = 0; c < lanes; c++) {
      int lane = firstLane + c;
      int target = to + lane / BLOCK * geometry.inPixels * BLOCK + lane % BLOCK;
      for (int p = 0; p < pixels; p++) {
        gradInput[target + p * stride * BLOCK] += tile[from + p * BLOCK + c];
      }
    }
  }
}
