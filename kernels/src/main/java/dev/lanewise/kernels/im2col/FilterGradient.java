package dev.lanewise.kernels.im2col;

import dev.lanewise.kernels.gemm.Panels;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.simd.BatchReduce;
import java.util.Arrays;

/**
 * Gradient of the filter: a product whose rows are the filter's terms (tap, channel of the group),
 * whose columns are output channels, and which sums over the output pixels of all images.
 *
 * <p>Pixels are cut into parts whose number depends on the shape alone; each part is summed with
 * pixels ascending, and the parts are added in order.
 */
final class FilterGradient {

  private static final int BLOCK = Layout.BLOCK;

  /** Pieces of work to have at least, cutting the sums if need be. */
  private static final int WANTED_UNITS = 16;

  /** Least pixels of a part. */
  private static final int PART_PIXELS = 256;

  /** Most floats of all parts together. */
  private static final long MOST_FLOATS = 1 << 24;

  private static final float[] ZEROS = new float[Panels.COLUMNS];

  private final BatchReduce kernel = BatchReduce.get();
  private final Geometry geometry;
  private final int pixels;
  private final int panels;
  private final int rowBlocks;
  private final int parts;
  private final int partFloats;

  /** {@code [part][group][panel][term][32]}. */
  private final float[] partial;

  private final Task sum = this::sum;
  private final Task add = this::add;
  private float[] input;
  private float[] gradOutput;
  private float[] gradFilter;

  FilterGradient(Geometry geometry) {
    this.geometry = geometry;
    pixels = Check.elements("output pixels", geometry.batch, geometry.outPixels);
    panels = Panels.count(geometry.outGroup);
    rowBlocks = (geometry.terms + Panels.ROWS - 1) / Panels.ROWS;
    partFloats =
        Check.elements("filter gradient", geometry.groups, panels, geometry.terms, Panels.COLUMNS);
    long most = Math.min(MOST_FLOATS / partFloats, pixels / PART_PIXELS);
    int wanted = WANTED_UNITS / Math.min(WANTED_UNITS, geometry.groups * rowBlocks);
    parts = Math.clamp(most, 1, wanted);
    partial = new float[parts * partFloats];
  }

  void run(float[] inputValues, float[] gradient, float[] result, Workers workers) {
    input = inputValues;
    gradOutput = gradient;
    gradFilter = result;
    try {
      workers.run(sum);
      workers.run(add);
    } finally {
      input = null;
      gradOutput = null;
      gradFilter = null;
    }
  }

  private void sum(int worker, int workers, Scratch scratch) {
    int most = Math.min(Panels.MAX_TAPS, Panels.depthTaps((pixels + parts - 1) / parts));
    int rightBase = most * Panels.ROWS * BLOCK;
    float[] memory = scratch.floats(rightBase + most * Panels.TAP);
    int units = parts * geometry.groups * rowBlocks;
    int end = Workers.start(units, worker + 1, workers);
    for (int unit = Workers.start(units, worker, workers); unit < end; unit++) {
      int block = unit % rowBlocks;
      int group = unit / rowBlocks % geometry.groups;
      int part = unit / rowBlocks / geometry.groups;
      int row = (int) ((long) geometry.terms * block / rowBlocks);
      int rows = (int) ((long) geometry.terms * (block + 1) / rowBlocks) - row;
      int partEnd = Workers.start(pixels, part + 1, parts);
      boolean fresh = true;
      int from = Workers.start(pixels, part, parts);
      while (from < partEnd) {
        int to = Math.min(partEnd, from + most * BLOCK);
        product(part, group, row, rows, from, to, fresh, memory, rightBase);
        fresh = false;
        from = to;
      }
    }
  }

  /** Adds what some pixels, counted through all images, give to some terms of a group. */
  private void product(
      int part,
      int group,
      int row,
      int rows,
      int from,
      int to,
      boolean fresh,
      float[] memory,
      int rightBase) {
    for (int r = 0; r < rows; r++) {
      packTerm(group, row + r, from, to, memory, r * BLOCK);
    }
    int depth = Panels.depthTaps(to - from);
    for (int panel = 0; panel < panels; panel++) {
      int blocks = Panels.blocks(panel, geometry.outGroup);
      packPanel(group, panel, blocks, from, to, memory, rightBase);
      int base =
          part * partFloats + ((group * panels + panel) * geometry.terms + row) * Panels.COLUMNS;
      Panels.multiply(
          kernel,
          blocks,
          rows,
          memory,
          0,
          Panels.taps(depth, blocks),
          memory,
          rightBase,
          fresh ? ZEROS : partial,
          fresh ? 0 : base,
          fresh ? 0 : Panels.COLUMNS,
          BLOCK,
          partial,
          base,
          Panels.COLUMNS,
          BLOCK);
    }
  }

  /** What a term looks at, pixel after pixel: {@code [pixel / 16][ROWS][16]}. */
  private void packTerm(int group, int term, int from, int to, float[] memory, int base) {
    int tap = term / geometry.inGroup;
    int channel = group * geometry.inGroup + term % geometry.inGroup;
    int step = geometry.width.stride() * BLOCK;
    int first = geometry.firstColumn(tap);
    int end = geometry.endColumn(tap);
    int pixel = from;
    int at = 0;
    while (pixel < to) {
      int image = pixel / geometry.outPixels;
      int inImage = pixel - image * geometry.outPixels;
      int outRow = inImage / geometry.outWidth;
      int column = inImage - outRow * geometry.outWidth;
      int columns = Math.min(geometry.outWidth - column, to - pixel);
      int inputRow = geometry.inputRow(outRow, tap);
      int lo = inputRow < 0 ? columns : Math.clamp(first - column, 0, columns);
      int hi = inputRow < 0 ? columns : Math.clamp(end - column, lo, columns);
      int block = image * geometry.inBlocks + channel / BLOCK;
      int seen = inputRow + geometry.width.position(column, geometry.tapColumn(tap));
      int source = (block * geometry.inPixels + seen) * BLOCK + channel % BLOCK;
      for (int i = 0; i < columns; i++) {
        int q = at + i;
        float value = i >= lo && i < hi ? input[source + i * step] : 0;
        memory[base + q / BLOCK * Panels.ROWS * BLOCK + q % BLOCK] = value;
      }
      pixel += columns;
      at += columns;
    }
    for (; at % BLOCK != 0; at++) {
      memory[base + at / BLOCK * Panels.ROWS * BLOCK + at % BLOCK] = 0;
    }
  }

  /** The output channels of a panel, pixel after pixel: {@code [pixel][16 or 32]}. */
  private void packPanel(
      int group, int panel, int blocks, int from, int to, float[] memory, int base) {
    int width = blocks * BLOCK;
    int channel = group * geometry.outGroup + panel * Panels.COLUMNS;
    int end = base + Panels.depthTaps(to - from) * BLOCK * width;
    Arrays.fill(memory, base + (to - from) * width, end, 0f);
    if (!geometry.alignedOutput()) {
      int channels = Math.min(width, geometry.outGroup - panel * Panels.COLUMNS);
      for (int p = from; p < to; p++) {
        for (int c = 0; c < width; c++) {
          memory[base + (p - from) * width + c] = c < channels ? gradOutput[at(p, channel + c)] : 0;
        }
      }
      return;
    }
    int pixel = from;
    while (pixel < to) {
      int count = Math.min(to - pixel, geometry.outPixels - pixel % geometry.outPixels);
      for (int b = 0; b < blocks; b++) {
        int source = at(pixel, channel + b * BLOCK);
        int target = base + (pixel - from) * width + b * BLOCK;
        for (int p = 0; p < count; p++) {
          System.arraycopy(gradOutput, source + p * BLOCK, memory, target + p * width, BLOCK);
        }
      }
      pixel += count;
    }
  }

  /** Where an output channel of a pixel lies. */
  private int at(int pixel, int channel) {
    int image = pixel / geometry.outPixels;
    int inImage = pixel - image * geometry.outPixels;
    int block = image * geometry.outBlocks + channel / BLOCK;
    return (block * geometry.outPixels + inImage) * BLOCK + channel % BLOCK;
  }

  /** Adds the parts in order and turns (term, channel) into the filter's order. */
  private void add(int worker, int workers, Scratch scratch) {
    int end = Workers.start(geometry.outChannels, worker + 1, workers);
    for (int k = Workers.start(geometry.outChannels, worker, workers); k < end; k++) {
      int group = k / geometry.outGroup;
      int lane = k % geometry.outGroup;
      int from =
          (group * panels + lane / Panels.COLUMNS) * geometry.terms * Panels.COLUMNS
              + lane % Panels.COLUMNS;
      for (int tap = 0; tap < geometry.taps; tap++) {
        for (int c = 0; c < geometry.inGroup; c++) {
          int at = from + (tap * geometry.inGroup + c) * Panels.COLUMNS;
          float total = partial[at];
          for (int part = 1; part < parts; part++) {
            total += partial[at + part * partFloats];
          }
          gradFilter[(k * geometry.inGroup + c) * geometry.taps + tap] = total;
        }
      }
    }
  }
}
