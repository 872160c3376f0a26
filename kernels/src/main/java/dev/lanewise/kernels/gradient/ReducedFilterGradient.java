package dev.lanewise.kernels.gradient;

import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.FilterReduce;
import dev.lanewise.kernels.simd.Pieces;
import java.util.Arrays;
import java.util.List;

/**
 * Gradient by filter on the kernel that sums over pixels: for each region of pixels, each 8 output
 * channels and each tile of up to three blocks of 16 terms.
 *
 * <p>Work is divided by output channels and terms, so most shapes need no sums of sums; where there
 * are too few, images are cut into parts whose number depends on the shape alone, and the parts are
 * added in order.
 */
final class ReducedFilterGradient {

  private static final int BLOCK = FilterGeometry.BLOCK;

  /** Blocks of terms to have at least, cutting the batch if need be. */
  private static final int WANTED_BLOCKS = 64;

  /** Most floats of all parts together. */
  private static final int MOST_FLOATS = 1 << 24;

  private static final float[] ZEROS = new float[BLOCK];

  private final FilterGeometry geometry;
  private final FilterReduce kernel = FilterReduce.get();
  private final FilterRows rows;
  private final PixelRegions regions;
  private final int parts;

  /** {@code [part]} of what {@link FilterRows} describes. */
  private final float[] sums;

  private final Task sum = this::sum;
  private final Task collect = this::collect;
  private float[] input;
  private float[] gradOutput;
  private float[] gradFilter;

  /**
   * Prepares the tables of a shape.
   *
   * @throws IllegalArgumentException if the sums or copied rows would exceed 2^31 - 1 floats
   */
  ReducedFilterGradient(ConvShape shape) {
    geometry = FilterGeometry.of(shape);
    rows = new FilterRows(geometry);
    int most = Math.max(1, Math.min(shape.batch(), MOST_FLOATS / rows.floats()));
    parts = Math.clamp(WANTED_BLOCKS / rows.blocks(), 1, most);
    regions = new PixelRegions(geometry, Math.ceilDiv(shape.batch(), parts));
    sums = new float[Check.elements("filter gradient", parts, rows.floats())];
  }

  void run(float[] x, float[] dy, float[] result, Workers workers) {
    input = x;
    gradOutput = dy;
    gradFilter = result;
    try {
      workers.run(sum);
      workers.run(collect);
    } finally {
      input = null;
      gradOutput = null;
      gradFilter = null;
    }
  }

  private void sum(int worker, int workers, Scratch scratch) {
    int from = Workers.start(parts * rows.blocks(), worker, workers);
    int to = Workers.start(parts * rows.blocks(), worker + 1, workers);
    for (int part = 0; part < parts; part++) {
      int before = part * rows.blocks();
      if (from < before + rows.blocks() && to > before) {
        sumPart(part, Math.max(0, from - before), to - before, scratch);
      }
    }
  }

  /** Sums the tiles of a part that begin within a share of its blocks of terms. */
  private void sumPart(int part, int from, int to, Scratch scratch) {
    int first = 0;
    while (rows.blocksBefore[first + 1] <= from) {
      first++;
    }
    int end = first;
    while (end < rows.count && rows.blocksBefore[end] < to) {
      end++;
    }
    int batch = geometry.shape().batch();
    int image = Workers.start(batch, part, parts);
    int endImage = Workers.start(batch, part + 1, parts);
    boolean fresh = true;
    while (image < endImage) {
      int images = Math.min(regions.together, endImage - image);
      for (PixelRegion region : regions.of(images)) {
        float[] source = source(region, image, images, first, end, scratch);
        for (int row = first; row < end; row++) {
          sumRow(part, row, from, to, region, image, source, fresh);
        }
        fresh = false;
      }
      image += images;
    }
  }

  /** The input, or what some output channels see of it, copied. */
  private float[] source(
      PixelRegion region, int image, int images, int first, int end, Scratch scratch) {
    if (regions.memory == null) {
      return input;
    }
    float[] memory = scratch.floats(regions.memory.floats());
    int endBlock = 0;
    for (int row = first; row < end; row++) {
      endBlock = Math.max(endBlock, rows.firstInBlock[row] + rows.inBlocks[row]);
    }
    int firstBlock = rows.firstInBlock[first];
    regions.memory.load(region, image, image + images, firstBlock, endBlock, input, memory);
    return memory;
  }

  private void sumRow(
      int part,
      int row,
      int from,
      int to,
      PixelRegion region,
      int image,
      float[] source,
      boolean fresh) {
    int channel = row * FilterReduce.ROWS;
    int gradient =
        image * geometry.outImage() + channel / BLOCK * geometry.outPlane() + channel % BLOCK;
    int block = rows.blocksBefore[row];
    for (FilterTile tile : rows.tiles[row]) {
      if (block >= from && block < to) {
        int in =
            regions.memory == null
                ? image * geometry.inImage() + inBlock(row, tile) * geometry.inPlane()
                : inBlock(row, tile) * regions.memory.blockStride();
        sumTile(part, row, tile, region, source, in, gradient, fresh);
      }
      block += tile.blocks();
    }
  }

  private int inBlock(int row, FilterTile tile) {
    return rows.firstInBlock[row] + tile.inBlock();
  }

  private void sumTile(
      int part,
      int row,
      FilterTile tile,
      PixelRegion region,
      float[] source,
      int in,
      int gradient,
      boolean fresh) {
    int inBlock = geometry.tapPlace(tile.column() + 1) - geometry.tapPlace(tile.column());
    int outBlock = FilterRows.TERMS;
    if (tile.acrossChannels()) {
      inBlock = regions.memory == null ? geometry.inPlane() : regions.memory.blockStride();
      outBlock = geometry.taps() * FilterRows.TERMS;
    }
    int tap = tile.row() * geometry.width().kernel() + tile.column();
    int out =
        part * rows.floats()
            + rows.base[row]
            + (tile.inBlock() * geometry.taps() + tap) * FilterRows.TERMS;
    boolean start = fresh;
    Pieces[] lists = region.pieces[tile.row()];
    if (start && lists.length == 0) {
      clear(out, outBlock, tile.blocks());
    }
    for (Pieces pieces : lists) {
      kernel.sum(
          geometry.inPixel(),
          tile.blocks(),
          source,
          in + geometry.tapPlace(tile.column()),
          inBlock,
          gradOutput,
          gradient,
          pieces,
          start ? ZEROS : sums,
          start ? 0 : out,
          start ? 0 : BLOCK,
          start ? 0 : outBlock,
          sums,
          out,
          BLOCK,
          outBlock);
      start = false;
    }
  }

  private void clear(int out, int outBlock, int blocks) {
    for (int b = 0; b < blocks; b++) {
      Arrays.fill(sums, out + b * outBlock, out + b * outBlock + FilterRows.TERMS, 0f);
    }
  }

  /** Adds the parts in order and lays the sums out as a filter. */
  private void collect(int worker, int workers, Scratch scratch) {
    ConvShape shape = geometry.shape();
    int inGroup = shape.inChannels() / shape.groups();
    int outGroup = shape.outChannels() / shape.groups();
    int taps = geometry.taps();
    int end = Workers.start(shape.outChannels(), worker + 1, workers);
    for (int k = Workers.start(shape.outChannels(), worker, workers); k < end; k++) {
      int row = k / FilterReduce.ROWS;
      int firstChannel = k / outGroup * inGroup - rows.firstInBlock[row] * BLOCK;
      int base = rows.base[row] + k % FilterReduce.ROWS * BLOCK;
      for (int i = 0; i < inGroup; i++) {
        int channel = firstChannel + i;
        int from = base + channel / BLOCK * taps * FilterRows.TERMS + channel % BLOCK;
        int to = (k * inGroup + i) * taps;
        for (int t = 0; t < taps; t++) {
          gradFilter[to + t] = sums[from + t * FilterRows.TERMS];
        }
        for (int part = 1; part < parts; part++) {
          int other = from + part * rows.floats();
          for (int t = 0; t < taps; t++) {
            gradFilter[to + t] += sums[other + t * FilterRows.TERMS];
          }
        }
      }
    }
  }

  /** Share of the multiply-adds that are of use: blocks of channels hold strangers and padding. */
  static double usefulness(ConvShape shape) {
    FilterGeometry geometry = FilterGeometry.of(shape);
    return (double) shape.filterLength() / new FilterRows(geometry).floats();
  }

  List<String> explain() {
    return List.of(
        "%d blocks of %d x 16 terms, %d images together, %d part%s"
            .formatted(
                rows.blocks(), FilterReduce.ROWS, regions.together, parts, parts == 1 ? "" : "s"),
        regions.memory == null
            ? "input read in place"
            : "input rows copied with their padding, %d bytes of scratch a worker"
                .formatted((long) Float.BYTES * regions.memory.floats()));
  }
}
