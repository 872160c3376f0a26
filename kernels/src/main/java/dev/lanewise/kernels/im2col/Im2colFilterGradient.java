package dev.lanewise.kernels.im2col;

import dev.lanewise.kernels.gemm.Panels;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.FilterGradientCall;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PaddingMode;
import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.Blocks;
import java.util.Arrays;

/**
 * Gradient of the filter: a product whose rows are the filter's terms (channel of the group, tap),
 * whose columns are output channels, and which sums over the output pixels of all images.
 *
 * <p>The pixels are numbered as in {@link Planes}; at the numbers that are no pixels, the output's
 * gradient is zero. Small images are summed together, larger ones in runs. Images are cut into
 * parts whose number depends on the shape alone, and the parts are added in order, so results have
 * the same bits for any number of workers. An instance keeps its memory: a steady state allocates
 * nothing. It serves one caller at a time.
 */
public final class Im2colFilterGradient {

  private static final int BLOCK = Layout.BLOCK;

  /** Pixels that one strip sums. */
  private static final int RUN = Panels.MAX_TAPS * Panels.DEPTH;

  /** Pieces of work to have at least, cutting the sums if need be. */
  private static final int WANTED_UNITS = 16;

  /** Least pixels of a part. */
  private static final int PART_PIXELS = 256;

  /** Most floats of all parts together. */
  private static final int MOST_PARTIAL = 1 << 24;

  /** Most floats of the planes that a worker lays out, as long as two strips of rows remain. */
  private static final int MOST_PLANES = 1 << 20;

  private static final int LEAST_ROWS = 28;

  /** Floats of both operands of a strip, packed. */
  private static final int PACKED = Panels.MAX_TAPS * (Panels.ROWS * Panels.DEPTH + Panels.TAP);

  private static final float[] ZEROS = new float[Panels.COLUMNS];

  private final BatchReduce kernel = BatchReduce.get();
  private final Geometry geometry;
  private final Planes planes;
  private final int panels;
  private final int rowBlocks;
  private final int parts;
  private final int partFloats;

  /** Images that are interleaved. */
  private final int together;

  /** Channels and floats of the planes that the terms of a block of rows look at. */
  private final int blockChannels;

  private final int planesFloats;

  /** {@code [part][group][panel][term][32]}. */
  private final float[] partial;

  private final Task sum = this::sum;
  private final Task add = this::add;
  private FilterGradientCall call;

  /**
   * Prepares the gradient of a shape of at least one image.
   *
   * @throws IllegalArgumentException if its padding is not zeros, or it needs more memory than one
   *     array holds
   */
  public Im2colFilterGradient(ConvShape shape) {
    Check.that(
        shape.paddingMode() == PaddingMode.ZERO,
        "gradients are computed of zero padding, not %s: pad first",
        shape.paddingMode().label());
    geometry = new Geometry(shape);
    planes = new Planes(geometry);
    panels = Panels.count(geometry.outGroup);
    int rows =
        Math.clamp((long) MOST_PLANES * geometry.taps / planes.floats(), LEAST_ROWS, Panels.ROWS);
    rowBlocks = (geometry.terms + rows - 1) / rows;
    partFloats =
        Check.elements("filter gradient", geometry.groups, panels, geometry.terms, Panels.COLUMNS);
    long most = (long) geometry.batch * geometry.outPixels / PART_PIXELS;
    most = Math.min(Math.min(most, geometry.batch), MOST_PARTIAL / partFloats);
    int wanted = WANTED_UNITS / Math.min(WANTED_UNITS, geometry.groups * rowBlocks);
    parts = Math.clamp(most, 1, wanted);
    partial = new float[parts * partFloats];
    together =
        Math.clamp(RUN / planes.numbers(), 1, Math.max(1, (geometry.batch + parts - 1) / parts));
    blockChannels = Math.min(geometry.inGroup, (rows + geometry.taps - 2) / geometry.taps + 1);
    long floats = (long) together * planes.floats() * blockChannels + BLOCK;
    Check.that(
        floats + PACKED <= Integer.MAX_VALUE, "planes exceed 2^31 - 1 floats: %d", floats + PACKED);
    planesFloats = (int) floats;
  }

  /**
   * Computes the gradient.
   *
   * @param operands the filter's gradient is {@code [outChannels][inChannels / groups][kernel...]}
   */
  public void run(FilterGradientCall operands, Workers workers) {
    call = operands;
    try {
      workers.run(sum);
      workers.run(add);
    } finally {
      call = null;
    }
  }

  private void sum(int worker, int workers, Scratch scratch) {
    int leftBase = planesFloats;
    float[] memory = scratch.floats(planesFloats + PACKED);
    int units = parts * geometry.groups * rowBlocks;
    int end = Workers.start(units, worker + 1, workers);
    for (int unit = Workers.start(units, worker, workers); unit < end; unit++) {
      int block = unit % rowBlocks;
      int group = unit / rowBlocks % geometry.groups;
      int part = unit / rowBlocks / geometry.groups;
      int row = (int) ((long) geometry.terms * block / rowBlocks);
      int endRow = (int) ((long) geometry.terms * (block + 1) / rowBlocks);
      int image = Workers.start(geometry.batch, part, parts);
      int endImage = Workers.start(geometry.batch, part + 1, parts);
      boolean fresh = true;
      while (image < endImage) {
        int images = Math.min(together, endImage - image);
        int channel = group * geometry.inGroup;
        planes.fill(
            call.input(),
            call.inputFirst(),
            image,
            images,
            channel + row / geometry.taps,
            channel + (endRow - 1) / geometry.taps + 1,
            memory,
            0);
        int numbers = planes.numbers() * images;
        Arrays.fill(
            memory, planesEnd(row, endRow, images), planesEnd(row, endRow, images) + BLOCK, 0f);
        for (int from = 0; from < numbers; from += RUN) {
          int to = Math.min(numbers, from + RUN);
          packLeft(row, endRow, images, from, to, memory, leftBase);
          product(part, group, row, endRow, image, images, from, to, fresh, memory, leftBase);
          fresh = false;
        }
        image += images;
      }
    }
  }

  private int planesEnd(int row, int endRow, int images) {
    int channels = (endRow - 1) / geometry.taps + 1 - row / geometry.taps;
    return channels * planes.floats() * images;
  }

  /** What each term looks at, as {@code [number / 16][ROWS][16]}. */
  private void packLeft(
      int row, int endRow, int images, int from, int to, float[] memory, int base) {
    int plane = planes.floats();
    int firstChannel = row / geometry.taps;
    int count = Panels.depthTaps(to - from);
    for (int r = row; r < endRow; r++) {
      int channel = r / geometry.taps - firstChannel;
      int shift = planes.shift(r % geometry.taps);
      int source = (channel * plane + shift) * images + from;
      int target = base + (r - row) * BLOCK;
      Blocks.copy(memory, source, BLOCK, memory, target, Panels.ROWS * BLOCK, count);
    }
  }

  /** Adds what a run of numbers gives to some terms of a group. */
  private void product(
      int part,
      int group,
      int row,
      int endRow,
      int image,
      int images,
      int from,
      int to,
      boolean fresh,
      float[] memory,
      int leftBase) {
    int rightBase = leftBase + Panels.MAX_TAPS * Panels.ROWS * BLOCK;
    int depth = Panels.depthTaps(to - from);
    for (int panel = 0; panel < panels; panel++) {
      int blocks = Panels.blocks(panel, geometry.outGroup);
      Arrays.fill(memory, rightBase, rightBase + depth * blocks * BLOCK * BLOCK, 0f);
      for (int i = 0; i < images; i++) {
        packRight(group, panel, blocks, image + i, images, i, from, to, memory, rightBase);
      }
      int base =
          part * partFloats + ((group * panels + panel) * geometry.terms + row) * Panels.COLUMNS;
      Panels.multiply(
          kernel,
          blocks,
          endRow - row,
          memory,
          leftBase,
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

  /** The output channels of a panel at the numbers that are pixels: {@code [number][16 or 32]}. */
  private void packRight(
      int group,
      int panel,
      int blocks,
      int image,
      int images,
      int place,
      int from,
      int to,
      float[] memory,
      int base) {
    int channel = group * geometry.outGroup + panel * Panels.COLUMNS;
    int channels = Math.min(blocks * BLOCK, geometry.outGroup - panel * Panels.COLUMNS);
    int step = images * blocks * BLOCK;
    for (int row = 0; row < geometry.outRows; row++) {
      int number = planes.number(row) * images;
      // Only a single image is cut into runs, and only then do the rows' ends matter.
      int first = Math.max(0, from - number);
      int end = images > 1 ? geometry.outWidth : Math.min(geometry.outWidth, to - number);
      if (first < end) {
        int pixel = row * geometry.outWidth + first;
        int target = base + (number + first + place - from) * blocks * BLOCK;
        copyPixels(image, pixel, end - first, channel, channels, memory, target, step);
      }
    }
  }

  private void copyPixels(
      int image,
      int pixel,
      int pixels,
      int channel,
      int channels,
      float[] memory,
      int target,
      int step) {
    if (geometry.alignedOutput()) {
      for (int c = 0; c < channels; c += BLOCK) {
        int source = call.gradOutputFirst() + geometry.output(image, channel + c, pixel);
        Blocks.copy(call.gradOutput(), source, BLOCK, memory, target + c, step, pixels);
      }
      return;
    }
    for (int c = 0; c < channels; c++) {
      int source = call.gradOutputFirst() + geometry.output(image, channel + c, pixel);
      for (int p = 0; p < pixels; p++) {
        memory[target + p * step + c] = call.gradOutput()[source + p * BLOCK];
      }
    }
  }

  /** Adds the parts in order, output channel by output channel. */
  private void add(int worker, int workers, Scratch scratch) {
    int end = Workers.start(geometry.outChannels, worker + 1, workers);
    for (int k = Workers.start(geometry.outChannels, worker, workers); k < end; k++) {
      int lane = k % geometry.outGroup;
      int panel = k / geometry.outGroup * panels + lane / Panels.COLUMNS;
      int from = panel * geometry.terms * Panels.COLUMNS + lane % Panels.COLUMNS;
      for (int term = 0; term < geometry.terms; term++) {
        int at = from + term * Panels.COLUMNS;
        float total = partial[at];
        for (int part = 1; part < parts; part++) {
          total += partial[at + part * partFloats];
        }
        call.gradFilter()[call.gradFilterFirst() + k * geometry.terms + term] = total;
      }
    }
  }
}
