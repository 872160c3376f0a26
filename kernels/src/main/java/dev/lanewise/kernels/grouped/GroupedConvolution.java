package dev.lanewise.kernels.grouped;

import dev.lanewise.kernels.direct.Band;
import dev.lanewise.kernels.direct.BandMemory;
import dev.lanewise.kernels.direct.Bands;
import dev.lanewise.kernels.direct.Geometry;
import dev.lanewise.kernels.direct.Packing;
import dev.lanewise.kernels.direct.RowPlaces;
import dev.lanewise.kernels.layout.LaneGroups;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Shares;
import dev.lanewise.kernels.plan.ConvAlgorithm;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.GroupReduce;
import dev.lanewise.kernels.simd.GroupTaps;
import java.util.List;
import java.util.Optional;

/**
 * Convolution in channel groups narrower than a block: the 16 lanes of an output block belong to
 * several groups, and a permutation of the input block lets each lane see a channel of its own.
 *
 * <p>Each block of output channels depends on one block of input channels and is convolved by
 * itself. Each output is summed in the order (number of columns that share loads, row, column,
 * channel, neighbouring column), whatever the lanes, the threads or the batch. The unit of work is
 * one pixel of one block, in the order (image, block, pixel).
 */
public final class GroupedConvolution implements ConvAlgorithm {

  private static final int BLOCK = Layout.BLOCK;

  /**
   * What an output row costs more where columns of its input are dealt by the stride, in the unit
   * of {@link #cost}: measured with strides of 2, whether one or two input rows are copied for it.
   */
  private static final double DEALT_ROW = 400;

  private final ConvShape shape;
  private final Geometry geometry;
  private final GroupReduce kernel = GroupReduce.get();
  private final int outBlocks;
  private final List<Band> bands;
  private final BandMemory memory;
  private final LaneTaps laneTaps;

  /** Of each output row: where its input begins, and the taps of each block. */
  private final int[] rowInput;

  private final GroupTaps[][][] taps;
  private final Shares shares;

  /**
   * Prepares the tables of a shape.
   *
   * @throws IllegalArgumentException if {@link #objection} has one
   */
  public GroupedConvolution(ConvShape shape) {
    this.shape = shape;
    geometry = geometry(shape);
    outBlocks = Layout.blocks(shape.outChannels());
    Bands cut = Bands.of(geometry);
    bands = cut.bands();
    memory = cut.memory();
    RowPlaces places = cut.places(geometry);
    laneTaps = new LaneTaps(geometry, places, shape);
    Check.elements("packed filter", outBlocks, laneTaps.blockFloats());
    int rows = geometry.outRows();
    int height = geometry.height().output();
    rowInput = new int[rows];
    taps = new GroupTaps[outBlocks][rows][];
    for (int row = 0; row < rows; row++) {
      rowInput[row] = places.row(row / height, row % height);
      for (int block = 0; block < outBlocks; block++) {
        taps[block][row] = laneTaps.taps(block, row / height, row % height);
      }
    }
    shares = shares();
  }

  /** One block of output channels as a convolution of one block of input channels. */
  private static Geometry geometry(ConvShape shape) {
    ConvShape block = new ConvShape(shape.batch(), BLOCK, BLOCK, 1, shape.axes());
    return Geometry.of(block, Packing.NEIGHBOURS);
  }

  /** Why this algorithm cannot compute a shape, if it cannot. */
  public static Optional<String> objection(ConvShape shape) {
    if (shape.groups() == shape.inChannels()) {
      return Optional.of("groups of a single input channel are depthwise");
    }
    Optional<String> objection = LaneGroups.objection(shape);
    if (objection.isPresent()) {
      return objection;
    }
    if (!shape.axes().stream().allMatch(Axis::fits)) {
      return Optional.empty(); // no algorithm can: the shape itself says why
    }
    Geometry geometry = geometry(shape);
    return geometry.needsBand() ? BandMemory.objection(geometry, 1) : Optional.empty();
  }

  /** Rows are segments: the borders have fewer taps. */
  private Shares shares() {
    int width = geometry.width().output();
    int[] units = new int[geometry.outRows()];
    double[] work = new double[units.length];
    for (int row = 0; row < units.length; row++) {
      units[row] = width;
      work[row] = strips(0, row, width) / width;
    }
    return new Shares(shape.batch() * outBlocks, units, work);
  }

  /** Estimated work of some neighbouring pixels of a row. */
  private double strips(int block, int row, int pixels) {
    double cost = 0;
    for (GroupTaps table : taps[block][row]) {
      cost += GroupReduce.cost(table, pixels);
    }
    return cost;
  }

  @Override
  public int filterFloats() {
    return outBlocks * laneTaps.blockFloats();
  }

  @Override
  public int scratchFloats() {
    return memory == null ? 0 : memory.floats();
  }

  @Override
  public void pack(float[] filter, float[] packed) {
    laneTaps.pack(shape, filter, packed);
  }

  @Override
  public void run(int worker, int workers, Scratch scratch, ConvCall call) {
    long end = shares.start(worker + 1, workers);
    long blockUnits = shares.repeatUnits();
    for (long unit = shares.start(worker, workers); unit < end; ) {
      long block = unit / blockUnits;
      int first = (int) (unit % blockUnits);
      int until = (int) Math.min(end - block * blockUnits, blockUnits);
      runBlock((int) (block / outBlocks), (int) (block % outBlocks), first, until, scratch, call);
      unit = block * blockUnits + until;
    }
  }

  /** Computes the pixels {@code first} to {@code end} of a block of output channels. */
  private void runBlock(int image, int block, int first, int end, Scratch scratch, ConvCall call) {
    int source = call.inputImage(image) + laneTaps.sourceBlock(block) * geometry.inPlane();
    float[] rows = memory == null ? call.input() : scratch.floats(scratchFloats());
    for (int b = 0; b < bands.size(); b++) {
      Band band = bands.get(b);
      int from = Math.max(first, band.firstPixel());
      int to = Math.min(end, band.firstPixel() + band.pixels());
      if (from < to) {
        if (memory != null) {
          memory.load(band, planeRow(from), planeRow(to - 1) + 1, call.input(), source, rows);
        }
        runPixels(image, block, from, to, rows, memory == null ? source : 0, call);
      }
    }
  }

  /** The row of a pixel within its plane. */
  private int planeRow(int pixel) {
    return pixel / geometry.width().output() % geometry.height().output();
  }

  private void runPixels(
      int image, int block, int first, int end, float[] rows, int rowsBase, ConvCall call) {
    int width = geometry.width().output();
    for (int pixel = first; pixel < end; ) {
      int row = pixel / width;
      int pixels = Math.min(end, (row + 1) * width) - pixel;
      int strips = Math.ceilDiv(pixels, kernel.maxPixels());
      int narrow = pixels / strips;
      int wide = pixels % strips;
      int in = rowsBase + rowInput[row] + (pixel - row * width) * BLOCK;
      for (int s = 0; s < strips; s++) {
        int size = s < wide ? narrow + 1 : narrow;
        runStrip(image, block, row, pixel, size, rows, in, call);
        pixel += size;
        in += size * BLOCK;
      }
    }
  }

  /** The first table starts from the bias, the others from what is there. */
  private void runStrip(
      int image, int block, int row, int pixel, int pixels, float[] rows, int in, ConvCall call) {
    float[] output = call.output();
    int to = call.outputImage(image) + block * geometry.outPlane() + pixel * BLOCK;
    GroupTaps[] tables = taps[block][row];
    for (int i = 0; i < tables.length; i++) {
      kernel.strip(
          pixels,
          rows,
          in,
          tables[i],
          call.weights(),
          block * laneTaps.blockFloats(),
          i == 0 ? call.bias() : output,
          i == 0 ? block * BLOCK : to,
          i == 0 ? 0 : BLOCK,
          output,
          to);
    }
    call.finish(image, block, pixel, pixels);
  }

  @Override
  public double cost(int worker, int workers) {
    long end = shares.start(worker + 1, workers);
    long blockUnits = shares.repeatUnits();
    int width = geometry.width().output();
    double cost = 0;
    for (long unit = shares.start(worker, workers); unit < end; ) {
      int pixel = (int) (unit % blockUnits);
      int block = (int) (unit / blockUnits % outBlocks);
      int row = pixel / width;
      int pixels = (int) Math.min(end - unit, (row + 1) * width - pixel);
      cost += strips(block, row, pixels);
      unit += pixels;
    }
    return cost + copies(shares.start(worker, workers), end);
  }

  /** Estimated work of copying the rows of a share. */
  private double copies(long first, long end) {
    long blockUnits = shares.repeatUnits();
    double cost = 0;
    for (long unit = first; memory != null && unit < end; ) {
      int pixel = (int) (unit % blockUnits);
      int until = (int) Math.min(end - (unit - pixel), blockUnits);
      for (Band band : bands) {
        int from = Math.max(pixel, band.firstPixel());
        int to = Math.min(until, band.firstPixel() + band.pixels());
        cost += from < to ? copies(planeRow(to - 1) + 1 - planeRow(from)) : 0;
      }
      unit += until - pixel;
    }
    return cost;
  }

  /** The same for some output rows of a band. */
  private double copies(int outRows) {
    double dealt = geometry.width().stride() > 1 ? DEALT_ROW * outRows : 0;
    return memory.cost(outRows) + dealt;
  }

  @Override
  public void warmUp(boolean residual) {
    int width = geometry.width().output();
    int strips = Math.ceilDiv(width, kernel.maxPixels());
    for (GroupTaps[] tables : taps[0]) {
      for (GroupTaps table : tables) {
        kernel.warmUp(table.columns(), width / strips);
        kernel.warmUp(table.columns(), Math.ceilDiv(width, strips));
      }
    }
  }

  @Override
  public List<String> explain() {
    return List.of(
        "%d units of one pixel x 16 output channels, %d input channels a group, on %d lanes"
            .formatted(shares.units(), shape.inChannels() / shape.groups(), kernel.lanes()),
        memory == null
            ? "input read in place"
            : "%d bands an image and block, copied with their padding".formatted(bands.size()));
  }
}
