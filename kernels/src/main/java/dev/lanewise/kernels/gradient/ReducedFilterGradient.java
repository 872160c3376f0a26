package dev.lanewise.kernels.gradient;

import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.FilterGradientCall;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.Blocks;
import dev.lanewise.kernels.simd.FilterReduce;
import dev.lanewise.kernels.simd.Interleave;
import dev.lanewise.kernels.simd.PixelTable;
import java.util.List;

/**
 * Gradient by filter on the kernel that sums over pixels: for each region of pixels, each panel of
 * input blocks, each 8 output channels and each tile of up to three blocks of 16 terms. Sums are
 * laid out as soon as they are done, panel by panel: the filter is large, and written to memory
 * while the next sums go on.
 *
 * <p>Work is divided by output channels and terms, so most shapes need no sums of sums; where there
 * are too few, images are cut into parts whose number depends on the shape alone, and the parts are
 * added in order.
 */
final class ReducedFilterGradient implements Task {

  private static final int BLOCK = FilterGeometry.BLOCK;

  /** Blocks of terms to have at least, cutting the batch if need be. */
  private static final int WANTED_BLOCKS = 64;

  /** Most floats of all parts together. */
  private static final int MOST_FLOATS = 1 << 24;

  /** A vector of sums, begun and laid out. */
  private static final double WRITTEN = 30;

  private final FilterGeometry geometry;
  private final FilterReduce kernel = FilterReduce.get();
  private final FilterPanels panels;
  private final FilterRows rows;
  private final FilterLayout layout;
  private final PixelRegions regions;
  private final int parts;

  /** Whether the sums are a filter as they are: of a single tap, of whole blocks, of one part. */
  private final boolean inPlace;

  private final int sumFloats;

  /** {@code [part]} of what {@link FilterRows} describes, in memory that all workers share. */
  private float[] sums;

  private int stage;
  private FilterGradientCall call;

  /**
   * Prepares the tables of a shape.
   *
   * @throws IllegalArgumentException if the sums or copied rows would exceed 2^31 - 1 floats
   */
  ReducedFilterGradient(ConvShape shape) {
    geometry = FilterGeometry.of(shape);
    panels = FilterPanels.of(geometry);
    rows = new FilterRows(geometry, panels);
    layout = new FilterLayout(geometry, rows);
    int most = Math.max(1, Math.min(shape.batch(), MOST_FLOATS / rows.floats()));
    parts = Math.clamp(WANTED_BLOCKS / rows.blocks(), 1, most);
    regions = new PixelRegions(geometry, panels, Math.ceilDiv(shape.batch(), parts));
    int inGroup = shape.inChannels() / shape.groups();
    int outGroup = shape.outChannels() / shape.groups();
    inPlace =
        parts == 1
            && geometry.taps() == 1
            && inGroup % BLOCK == 0
            && outGroup % FilterReduce.ROWS == 0;
    sumFloats = inPlace ? 0 : Check.elements("filter gradient", parts, rows.floats());
  }

  void run(FilterGradientCall operands, Workers workers) {
    call = operands;
    try {
      workers.run(this);
    } finally {
      sums = null;
      call = null;
    }
  }

  @Override
  public int stages(int workers) {
    return inPlace ? 1 : 2;
  }

  @Override
  public void begin(int next, int workers, Scratch common) {
    stage = next;
    sums = common.floats(sumFloats);
  }

  @Override
  public void run(int worker, int workers, Scratch scratch) {
    if (stage == 0) {
      sum(worker, workers, scratch);
    } else {
      collect(worker, workers);
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
    float[] memory = scratch.floats(bandFloats() + panelSums(panels.mostBlocks()));
    int batch = geometry.shape().batch();
    int image = Workers.start(batch, part, parts);
    int endImage = Workers.start(batch, part + 1, parts);
    boolean fresh = true;
    while (image < endImage) {
      int images = Math.min(regions.together, endImage - image);
      PixelRegion[] list = regions.of(images);
      for (int i = 0; i < list.length; i++) {
        PixelRegion region = list[i];
        boolean last = image + images == endImage && i == list.length - 1;
        for (int panel = 0; panel < panels.count(); panel++) {
          int before = panelSums(panels.starts()[panel]);
          load(region, image, images, panel, memory);
          for (int row = first; row < end; row++) {
            boolean whole = parts == 1 && covers(from, to, row);
            boolean passing = whole && fresh && last && !inPlace;
            float[] target = inPlace ? call.gradFilter() : passing ? memory : sums;
            int base = passing ? bandFloats() - before : part * rows.floats() + rows.base[row];
            boolean done = whole && last && !inPlace;
            sumRow(row, panel, from, to, region, image, memory, fresh, target, base, done);
          }
        }
        fresh = false;
      }
      image += images;
    }
  }

  private boolean covers(int from, int to, int row) {
    return from <= rows.blocksBefore[row] && rows.blocksBefore[row + 1] <= to;
  }

  private int bandFloats() {
    return regions.memory == null ? 0 : regions.memory.floats();
  }

  /** Floats of the sums of so many input blocks for 8 output channels. */
  private int panelSums(int blocks) {
    return blocks * geometry.taps() * FilterRows.TERMS;
  }

  /** Copies a panel's rows, unless they are read in place. */
  private void load(PixelRegion region, int image, int images, int panel, float[] memory) {
    if (regions.memory != null) {
      int first = panels.starts()[panel];
      int end = panels.starts()[panel + 1];
      regions.memory.load(
          region, image, image + images, first, end, call.input(), call.inputFirst(), memory);
    }
  }

  /** Sums a panel for 8 output channels and lays each block out when it is done. */
  private void sumRow(
      int row,
      int panel,
      int from,
      int to,
      PixelRegion region,
      int image,
      float[] memory,
      boolean fresh,
      float[] target,
      int base,
      boolean done) {
    int channel = row * FilterReduce.ROWS;
    int gradient =
        call.gradOutputFirst()
            + image * geometry.outImage()
            + channel / BLOCK * geometry.outPlane()
            + channel % BLOCK;
    int before = rows.blocksBefore[row];
    FilterTile[] tiles = rows.tiles[row][panel];
    if (inPlace && regions.memory == null && region.neighbours() > 0) {
      sumAlong(row, tiles, from - before, to - before, region, image, gradient, fresh);
      return;
    }
    int laidOut = tiles[0].inBlock();
    for (int i = 0; i < tiles.length; i++) {
      FilterTile tile = tiles[i];
      if (before + tile.before() >= from && before + tile.before() < to) {
        int first = panels.starts()[panel];
        sumTile(row, tile, first, region, image, memory, gradient, fresh, target, base);
      }
      int ready = i + 1 < tiles.length ? tiles[i + 1].doneBefore() : tile.endBlock();
      if (done && ready > laidOut) {
        layout.write(row, laidOut, ready, target, base, call);
        laidOut = ready;
      }
    }
  }

  /** Tiles of the same size in one call: a pointwise kernel over neighbouring pixels. */
  private void sumAlong(
      int row,
      FilterTile[] tiles,
      int from,
      int to,
      PixelRegion region,
      int image,
      int gradient,
      boolean fresh) {
    int outRow = geometry.shape().inChannels() / geometry.shape().groups();
    int pixel = region.column() * BLOCK;
    for (int i = 0; i < tiles.length; ) {
      FilterTile first = tiles[i];
      int end = i + 1;
      if (first.inBlock() >= from && first.inBlock() < to) {
        while (end < tiles.length
            && tiles[end].blocks() == first.blocks()
            && tiles[end].inBlock() < to) {
          end++;
        }
        int in =
            call.inputFirst()
                + image * geometry.inImage()
                + (rows.firstInBlock[row] + first.inBlock()) * geometry.inPlane();
        kernel.products(
            !fresh,
            end - i,
            region.neighbours(),
            first.blocks(),
            call.input(),
            in + pixel,
            geometry.inPlane(),
            first.blocks() * geometry.inPlane(),
            call.gradOutput(),
            gradient + pixel,
            0,
            call.gradFilter(),
            call.gradFilterFirst() + row * FilterReduce.ROWS * outRow + first.inBlock() * BLOCK,
            outRow,
            first.blocks() * BLOCK);
      }
      i = end;
    }
  }

  private void sumTile(
      int row,
      FilterTile tile,
      int firstBlock,
      PixelRegion region,
      int image,
      float[] memory,
      int gradient,
      boolean fresh,
      float[] target,
      int base) {
    boolean copied = regions.memory != null;
    int inPlane = copied ? regions.memory.blockStride() : geometry.inPlane();
    int in =
        (copied ? -firstBlock * inPlane : call.inputFirst() + image * geometry.inImage())
            + (rows.firstInBlock[row] + tile.inBlock()) * inPlane
            + geometry.tapPlace(tile.column());
    int inBlock = geometry.tapPlace(tile.column() + 1) - geometry.tapPlace(tile.column());
    int out = base;
    int outRow = BLOCK;
    int outBlock = FilterRows.TERMS;
    if (inPlace) {
      outRow = geometry.shape().inChannels() / geometry.shape().groups();
      out = call.gradFilterFirst() + row * FilterReduce.ROWS * outRow + tile.inBlock() * BLOCK;
      outBlock = BLOCK;
    } else {
      int tap = tile.row() * geometry.width().kernel() + tile.column();
      out += (tile.inBlock() * geometry.taps() + tap) * FilterRows.TERMS;
    }
    if (tile.acrossChannels()) {
      inBlock = inPlane;
      outBlock = inPlace ? BLOCK : geometry.taps() * FilterRows.TERMS;
    }
    PixelTable pixels = region.pixels[tile.row()];
    if (fresh || pixels.count() > 0) {
      kernel.sum(
          !fresh,
          tile.blocks(),
          copied ? memory : call.input(),
          in,
          inBlock,
          call.gradOutput(),
          gradient,
          pixels,
          target,
          out,
          outRow,
          outBlock);
    }
  }

  /** Adds the parts in order and lays out what no worker could lay out by itself. */
  private void collect(int worker, int workers) {
    int end = Workers.start(rows.count, worker + 1, workers);
    for (int row = Workers.start(rows.count, worker, workers); row < end; row++) {
      if (parts > 1 || isDivided(row, workers)) {
        int floats = rows.base[row + 1] - rows.base[row];
        for (int part = 1; part < parts; part++) {
          int other = part * rows.floats() + rows.base[row];
          Blocks.add(sums, other, BLOCK, sums, rows.base[row], BLOCK, floats / BLOCK);
        }
        layout.write(row, 0, geometry.inBlocks(), sums, rows.base[row], call);
      }
    }
  }

  /** Whether a share begins in the midst of some output channels. */
  private boolean isDivided(int row, int workers) {
    for (int worker = 1; worker < workers; worker++) {
      int start = Workers.start(rows.blocks(), worker, workers);
      if (start > rows.blocksBefore[row] && start < rows.blocksBefore[row + 1]) {
        return true;
      }
    }
    return false;
  }

  /** Calls the micro-kernels of all regions until they are compiled. */
  void warmUp() {
    if (!inPlace) {
      Interleave.warmUp(geometry.taps(), false);
    }
    int batch = geometry.shape().batch();
    for (int part = 0; part < parts; part++) {
      int images = Workers.start(batch, part + 1, parts) - Workers.start(batch, part, parts);
      warmUp(regions.of(Math.min(images, regions.together)), images > regions.together);
      if (images % regions.together > 0) {
        warmUp(regions.of(images % regions.together), images > regions.together);
      }
    }
  }

  /** Warms up what the tiles of the first 8 output channels need: others need no more. */
  private void warmUp(PixelRegion[] list, boolean goOn) {
    boolean adds = goOn || list.length > 1;
    for (FilterTile[] tiles : rows.tiles[0]) {
      for (FilterTile tile : tiles) {
        for (PixelRegion region : list) {
          if (inPlace && regions.memory == null && region.neighbours() > 0) {
            kernel.warmUpProducts(false, tile.blocks());
            if (adds) {
              kernel.warmUpProducts(true, tile.blocks());
            }
          } else {
            kernel.warmUp(false, tile.blocks());
            if (adds) {
              kernel.warmUp(true, tile.blocks());
            }
          }
        }
      }
    }
  }

  /**
   * Estimated work in vector multiply-adds of 16 lanes; constants were measured on a Zen 4 core.
   */
  static double cost(ConvShape shape) {
    FilterGeometry geometry = FilterGeometry.of(shape);
    double pixels = (double) shape.batch() * shape.outputPixels();
    return (pixels + WRITTEN) * FilterRows.floats(geometry) / BLOCK;
  }

  /** Share of the multiply-adds that are of use: blocks of channels hold strangers and padding. */
  static double usefulness(ConvShape shape) {
    FilterGeometry geometry = FilterGeometry.of(shape);
    return (double) shape.filterLength() / FilterRows.floats(geometry);
  }

  List<String> explain() {
    return List.of(
        "%d blocks of %d x 16 terms in %d panels, %d images together, %d part%s"
            .formatted(
                rows.blocks(),
                FilterReduce.ROWS,
                panels.count(),
                regions.together,
                parts,
                parts == 1 ? "" : "s"),
        regions.memory == null
            ? "input read in place"
            : "input rows copied with their padding, %d bytes of scratch a worker"
                .formatted((long) Float.BYTES * regions.memory.floats()));
  }
}
