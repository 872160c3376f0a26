package dev.lanewise.kernels.direct;

import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Shares;
import dev.lanewise.kernels.plan.ConvAlgorithm;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.Taps;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Direct convolution over NCHW16c activations: for each band of rows, each pair of output-channel
 * blocks and each strip of pixels, one call of the batch-reduce kernel.
 *
 * <p>Rows that fall outside the input have no taps. Columns that do are zeros in a band of rows,
 * copied once and used by all output channels; where that saves products, its few channels are
 * packed densely ({@link Packing}). Each output is summed in the order (input block, tap, channel),
 * so results do not depend on threads, lanes or batch position.
 *
 * <p>The unit of work is one pixel of one output group, in the order (image, band, output group,
 * pixel). A worker cuts its run of units into strips of equal width.
 */
public final class DirectConvolution implements ConvAlgorithm {

  private final Geometry geometry;
  private final BatchReduce.Walk walk;
  private final int pixelStride;
  private final int outPlane;
  private final BatchReduce kernel;
  private final OutputGroup[] groups;
  private final Band[] bands;

  /** Units of an image before each band. */
  private final int[] unitsBefore;

  private final BandMemory memory;
  private final int inBlockStride;

  /** Of each output row: where its input begins, and the taps of each output group. */
  private final int[] rowInput;

  private final Taps[][] taps;
  private final Shares shares;
  private final int workers;
  private final int maxPixels;

  /** A filter up to this stays in the caches from one image to the next. */
  private static final int CACHED_FILTER_FLOATS = (4 << 20) / Float.BYTES;

  /** Cycles in which one float of a larger one comes from beyond them. */
  private static final double REREAD_COST = 1;

  /**
   * What 16 channels of a pixel cost where only every other pixel of a row is read: the lines
   * between come in as well, and each output group reads them so.
   */
  private static final double SKIPPED_COST = 60;

  private final int images;
  private final int filterFloats;
  private final ShortTapPacking shortTaps;

  /**
   * Prepares the tables of a shape.
   *
   * @param workers how many workers will share the work; only {@link #warmUp} and {@link #explain}
   *     depend on it
   * @throws IllegalArgumentException if {@link #objection} has one
   */
  public DirectConvolution(ConvShape shape, int workers) {
    this.workers = workers;
    geometry = Geometry.of(shape);
    images = shape.batch();
    kernel = BatchReduce.get();
    walk = geometry.walk();
    pixelStride = walk.pixelStride();
    outPlane = geometry.outPlane();
    maxPixels = kernel.maxPixels(walk);
    groups = geometry.outputGroups();
    Bands cut = Bands.of(geometry);
    bands = cut.bands().toArray(Band[]::new);
    memory = cut.memory();
    OutputGroup last = groups[groups.length - 1];
    filterFloats = last.filterBase() + (int) last.floats(geometry.planeTerms());
    shortTaps = geometry.packing() == Packing.BLOCKS ? null : new ShortTapPacking(geometry);
    RowPlaces places = cut.places(geometry);
    inBlockStride = places.plane();
    TapTables tables = new TapTables(geometry, places);
    int outRows = geometry.height().output();
    rowInput = new int[geometry.outRows()];
    taps = new Taps[groups.length][geometry.outRows()];
    for (int row = 0; row < geometry.outRows(); row++) {
      rowInput[row] = places.row(row / outRows, row % outRows);
      for (int g = 0; g < groups.length; g++) {
        taps[g][row] = tables.table(groups[g], row / outRows, row % outRows);
      }
    }
    unitsBefore = new int[bands.length + 1];
    for (int b = 0; b < bands.length; b++) {
      unitsBefore[b + 1] = unitsBefore[b] + groups.length * bands[b].pixels();
    }
    shares = shares();
  }

  /** Why this algorithm cannot compute a shape, if it cannot. */
  public static Optional<String> objection(ConvShape shape) {
    if (!shape.axes().stream().allMatch(Axis::fits)) {
      return Optional.empty(); // no algorithm can: the shape itself says why
    }
    try {
      Geometry geometry = Geometry.of(shape);
      return geometry.needsBand() ? BandMemory.objection(geometry, 1) : Optional.empty();
    } catch (IllegalArgumentException tooLarge) {
      return Optional.of(tooLarge.getMessage());
    }
  }

  /** Rows of a band and output group are segments: the borders have fewer taps. */
  private Shares shares() {
    int width = geometry.width().output();
    int segments = 0;
    for (Band band : bands) {
      segments += groups.length * (band.endRow() - band.firstRow());
    }
    int[] units = new int[segments];
    double[] work = new double[segments];
    int segment = 0;
    for (Band band : bands) {
      int end = band.firstPixel() + band.pixels();
      for (int g = 0; g < groups.length; g++) {
        for (int pixel = band.firstPixel(); pixel < end; pixel += units[segment++]) {
          int row = pixel / width;
          units[segment] = Math.min(end, (row + 1) * width) - pixel;
          work[segment] = strips(g, row, units[segment]) / units[segment];
        }
      }
    }
    return new Shares(geometry.shape().batch(), units, work);
  }

  /** Estimated work of some neighbouring pixels of a row. */
  private double strips(int group, int row, int pixels) {
    return BatchReduce.cost(walk, groups[group].blocks(), pixels, taps[group][row].count());
  }

  @Override
  public int filterFloats() {
    return filterFloats;
  }

  /** Where not every term of a block is kept, which depends on more than channels and kernel. */
  @Override
  public List<Integer> filterVariant() {
    return shortTaps == null
        ? List.of()
        : List.of(geometry.packing().channels, geometry.planeTerms());
  }

  /** Where few channels are packed densely anyway. */
  @Override
  public boolean takesPlanar() {
    return memory != null && geometry.packing() != Packing.BLOCKS;
  }

  @Override
  public int scratchFloats() {
    return memory == null ? 0 : memory.floats();
  }

  @Override
  public void pack(float[] filter, float[] packed) {
    if (shortTaps == null) {
      FilterPacking.pack(geometry.shape(), groups, filter, packed);
    } else {
      shortTaps.pack(groups, filter, packed);
    }
  }

  @Override
  public void pack(float[] filter, float[] packed, int worker, int workers) {
    if (shortTaps == null) {
      FilterPacking.pack(geometry.shape(), groups, filter, packed, worker, workers);
    } else if (worker == 0) {
      shortTaps.pack(groups, filter, packed);
    }
  }

  @Override
  public void run(int worker, int workers, Scratch scratch, ConvCall call) {
    long end = shares.start(worker + 1, workers);
    long imageUnits = shares.repeatUnits();
    for (long unit = shares.start(worker, workers); unit < end; ) {
      int image = (int) (unit / imageUnits);
      int within = (int) (unit % imageUnits);
      int band = band(within);
      int first = within - unitsBefore[band];
      int count = together(bands[band], first, end - unit);
      runBand(image, bands[band], first, count, scratch, call);
      unit += count;
    }
  }

  /**
   * How many of {@code most} units of a band, from {@code first} on, use the same copied rows: all
   * to the band's end if whole output groups are among them, or the rest of one group.
   */
  private int together(Band band, int first, long most) {
    int pixels = band.pixels();
    int left = (int) Math.min(most, groups.length * pixels - first);
    return left > pixels ? left : Math.min(left, pixels - first % pixels);
  }

  /** The band of a unit of an image. */
  private int band(int unit) {
    int band = 0;
    while (unitsBefore[band + 1] <= unit) {
      band++;
    }
    return band;
  }

  /** Computes {@code count} units of a band from {@code first}, ordered (output group, pixel). */
  private void runBand(int image, Band band, int first, int count, Scratch scratch, ConvCall call) {
    float[] source = call.input();
    int sourceBase = call.inputImage(image);
    if (memory != null) {
      source = scratch.floats(scratchFloats());
      int fromRow = firstRow(band, first, count);
      int endRow = endRow(band, first, count);
      if (call.planar()) {
        memory.loadPlanar(band, fromRow, endRow, call.input(), sourceBase, source);
      } else {
        memory.load(band, fromRow, endRow, call.input(), sourceBase, source);
      }
      sourceBase = 0;
    }
    int end = first + count;
    for (int unit = first; unit < end; ) {
      int group = unit / band.pixels();
      int pixel = unit % band.pixels();
      int pixels = Math.min(end - unit, band.pixels() - pixel);
      runPixels(image, group, band.firstPixel() + pixel, pixels, source, sourceBase, call);
      unit += pixels;
    }
  }

  /** First output row of units of a band, within its plane: of all of it if groups change. */
  private int firstRow(Band band, int first, int count) {
    int pixel = first % band.pixels();
    boolean oneGroup = pixel + count <= band.pixels();
    return oneGroup
        ? (band.firstPixel() + pixel) / geometry.width().output() % geometry.height().output()
        : band.firstRow();
  }

  private int endRow(Band band, int first, int count) {
    int end = first % band.pixels() + count;
    boolean oneGroup = end <= band.pixels();
    return oneGroup
        ? (band.firstPixel() + end - 1) / geometry.width().output() % geometry.height().output() + 1
        : band.endRow();
  }

  /** Computes neighbouring pixels of one output group, row by row. */
  private void runPixels(
      int image,
      int groupIndex,
      int first,
      int count,
      float[] source,
      int sourceBase,
      ConvCall call) {
    int base = sourceBase + groups[groupIndex].firstInBlock() * inBlockStride;
    int width = geometry.width().output();
    int end = first + count;
    for (int pixel = first; pixel < end; ) {
      int row = pixel / width;
      int pixels = Math.min(end, (row + 1) * width) - pixel;
      groups[groupIndex].run(
          kernel,
          pixelStride,
          source,
          base + rowInput[row] + (pixel - row * width) * pixelStride,
          taps[groupIndex][row],
          call,
          image,
          outPlane,
          pixel,
          pixels);
      pixel += pixels;
    }
  }

  @Override
  public double packCost() {
    boolean stays = filterFloats() <= CACHED_FILTER_FLOATS;
    double rereads = stays ? 0 : (double) (images - 1) * filterFloats();
    return PACK_COST * filterFloats() + REREAD_COST * rereads;
  }

  @Override
  public double cost(int worker, int workers) {
    long end = shares.start(worker + 1, workers);
    long imageUnits = shares.repeatUnits();
    double cost = 0;
    for (long unit = shares.start(worker, workers); unit < end; ) {
      int within = (int) (unit % imageUnits);
      int band = band(within);
      int first = within - unitsBefore[band];
      int count = together(bands[band], first, end - unit);
      cost += bandCost(bands[band], first, count);
      unit += count;
    }
    return cost;
  }

  private double bandCost(Band band, int first, int count) {
    double cost = 0;
    if (memory != null) {
      cost = memory.cost(endRow(band, first, count) - firstRow(band, first, count));
    }
    if (memory == null && geometry.width().stride() > 1 && geometry.width().kernel() == 1) {
      cost = SKIPPED_COST * geometry.planes() * Math.min(count, band.pixels());
    }
    int width = geometry.width().output();
    int end = first + count;
    for (int unit = first; unit < end; ) {
      int group = unit / band.pixels();
      int pixel = band.firstPixel() + unit % band.pixels();
      int rowEnd = Math.min((pixel / width + 1) * width, band.firstPixel() + band.pixels());
      int pixels = Math.min(end - unit, rowEnd - pixel);
      cost += strips(group, pixel / width, pixels);
      unit += pixels;
    }
    return cost;
  }

  @Override
  public void warmUp(boolean residual) {
    if (takesPlanar()) {
      memory.warmUp();
    }
    boolean[] wanted = new boolean[maxPixels + 1];
    for (int worker = 0; worker < workers; worker++) {
      collectWidths(shares.start(worker, workers), shares.start(worker + 1, workers), wanted);
    }
    for (int pixels = 1; pixels < wanted.length; pixels++) {
      if (wanted[pixels]) {
        for (int g = Math.max(0, groups.length - 2); g < groups.length; g++) {
          for (Taps table : new HashSet<>(List.of(taps[g]))) {
            boolean dense = !residual || !groups[g].startsFromResidual(pixelStride, table);
            kernel.warmUp(pixelStride, groups[g].blocks(), pixels, table, dense);
          }
        }
      }
    }
  }

  /** Marks the widths of the strips of a share's first image and last one. */
  private void collectWidths(long first, long end, boolean[] wanted) {
    long imageUnits = shares.repeatUnits();
    int width = geometry.width().output();
    for (long unit = first; unit < end; ) {
      int within = (int) (unit % imageUnits);
      Band band = bands[band(within)];
      int pixel = band.firstPixel() + (within - unitsBefore[band(within)]) % band.pixels();
      int rowEnd = Math.min((pixel / width + 1) * width, band.firstPixel() + band.pixels());
      int pixels = (int) Math.min(end - unit, rowEnd - pixel);
      int strips = Math.ceilDiv(pixels, maxPixels);
      wanted[pixels / strips] = true;
      wanted[Math.ceilDiv(pixels, strips)] = true;
      unit += pixels;
    }
  }

  @Override
  public List<String> explain() {
    List<String> lines = new ArrayList<>();
    int width = geometry.width().output();
    int strips = Math.ceilDiv(width, maxPixels);
    lines.add(
        "%d units of one pixel x %d output channels, in strips of up to %d pixels on %d lanes"
            .formatted(
                shares.units(), groups[0].channels(), Math.ceilDiv(width, strips), kernel.lanes()));
    lines.add(
        memory == null
            ? "input read in place, in %d bands an image%s"
                .formatted(bands.length, geometry.packing().describe())
            : "%d bands of up to %d rows an image, copied with their padding%s"
                .formatted(
                    bands.length,
                    bands[0].endRow() - bands[0].firstRow(),
                    geometry.packing().describe()));
    return lines;
  }
}
