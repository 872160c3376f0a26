package dev.lanewise.kernels.depthwise;

import dev.lanewise.kernels.parallel.PerCount;
import dev.lanewise.kernels.parallel.Runs;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.ConvAlgorithm;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.List;
import java.util.Optional;

/**
 * Depthwise convolution over NCHW16c activations: block by block of channels and band by band of
 * rows, with the filter in registers where it fits.
 *
 * <p>Where a channel has several filters, its block is first expanded, a band at a time. Taps that
 * fall on padding cost nothing. Each output is summed in the order (plane, row, column) of the
 * kernel, or with its neighbour by Winograd's F(2,3) and F(2,2), so results do not depend on
 * threads, lanes or batch position.
 */
public final class DepthwiseConvolution implements ConvAlgorithm {

  /** Units that each worker should find at least, for balance. */
  private static final int UNITS_PER_WORKER = 16;

  private final Geometry geometry;
  private final DepthwiseRows rows;

  /** The runs of units: rows at the border have fewer taps. */
  private final PerCount<Runs> runs = new PerCount<>(this::cut);

  /**
   * Prepares the tables of a shape.
   *
   * @throws IllegalArgumentException if the shape is not depthwise
   */
  public DepthwiseConvolution(ConvShape shape) {
    this(shape, false);
  }

  /**
   * Prepares the tables of a shape.
   *
   * @param paired whether two neighbouring outputs of a row are summed together, by Winograd's
   *     F(2,3), and F(2,2) where the kernel is 5 x 5
   * @throws IllegalArgumentException if the shape is not depthwise, or cannot be summed so
   */
  public DepthwiseConvolution(ConvShape shape, boolean paired) {
    (paired ? pairsObjection(shape) : objection(shape))
        .ifPresent(
            rule -> {
              throw new IllegalArgumentException(shape + " is not depthwise: " + rule);
            });
    geometry = Geometry.of(shape);
    rows = new DepthwiseRows(geometry, paired);
  }

  /** Why a shape is no depthwise convolution, if it is not. */
  public static Optional<String> objection(ConvShape shape) {
    return Geometry.objection(shape);
  }

  /** Why neighbouring outputs of a shape cannot be summed together, if they cannot. */
  public static Optional<String> pairsObjection(ConvShape shape) {
    Optional<String> objection = objection(shape);
    if (objection.isPresent() || Geometry.of(shape).pairable()) {
      return objection;
    }
    return Optional.of(
        "pairs need a 3 x 3 kernel and at most 1 of padding, or a 5 x 5 kernel and an even width"
            + " with 2 of padding, of stride 1 and dilation 1");
  }

  @Override
  public int filterFloats() {
    return rows.filterStart() + geometry.blocks() * rows.filterFloats();
  }

  @Override
  public int scratchFloats() {
    return rows.expandedFloats();
  }

  /** Packs the filter as {@code [block][tap][16]}, or with the products of pairs for taps. */
  @Override
  public void pack(float[] filter, float[] packed) {
    for (int channel = 0; channel < geometry.shape().outChannels(); channel++) {
      int block = rows.filterStart() + channel / Geometry.BLOCK * rows.filterFloats();
      rows.pack(filter, channel, packed, block + channel % Geometry.BLOCK);
    }
  }

  @Override
  public void run(int worker, int workers, Scratch scratch, ConvCall call) {
    float[] expanded = scratch.floats(scratchFloats());
    int segments = segments(workers);
    Runs shared = runs.of(workers);
    long end = shared.start(worker + 1);
    for (long unit = shared.start(worker); unit < end; ) {
      int row = (int) (unit % geometry.rows());
      int rest = (int) (unit / geometry.rows());
      int segment = rest % segments;
      int block = rest / segments % geometry.blocks();
      int image = rest / segments / geometry.blocks();
      int endRow = (int) Math.min(geometry.rows(), row + end - unit);
      runRows(image, block, segment, segments, row, endRow, expanded, call);
      unit += endRow - row;
    }
  }

  /** Parts into which the columns are cut: single tiles where rows alone are too few. */
  private int segments(int workers) {
    return units(1) / workers < UNITS_PER_WORKER && workers > 1 ? rows.tiles() : 1;
  }

  private long units(int segments) {
    return (long) geometry.shape().batch() * geometry.blocks() * segments * geometry.rows();
  }

  private Runs cut(int workers) {
    int segments = segments(workers);
    return Runs.of(units(segments), workers, (first, end) -> cost(first, end, segments));
  }

  /** Computes rows of a segment of a block, a band at a time, and finishes each band. */
  private void runRows(
      int image,
      int block,
      int segment,
      int segments,
      int row,
      int endRow,
      float[] expanded,
      ConvCall call) {
    int firstTile = Workers.start(rows.tiles(), segment, segments);
    int endTile = Workers.start(rows.tiles(), segment + 1, segments);
    int in = call.inputImage(image) + geometry.inBlock(block) * geometry.inPlane();
    int out = call.outputImage(image) + block * geometry.outPlane();
    for (int first = row, next; first < endRow; first = next) {
      next = Math.min(endRow, rows.endOfBand(first));
      rows.run(
          block,
          first,
          next,
          firstTile,
          endTile,
          call.input(),
          in,
          expanded,
          call.weights(),
          call.bias(),
          block * Geometry.BLOCK,
          call.output(),
          out + first * geometry.outRow());
      finish(image, block, first, next, firstTile, endTile, call);
    }
  }

  /** The same sums, for a caller that wants runs of pixels in memory of its own. */
  public DepthwisePixels pixels() {
    return new DepthwisePixels(geometry, rows);
  }

  private void finish(
      int image, int block, int row, int endRow, int firstTile, int endTile, ConvCall call) {
    int width = geometry.width().output();
    if (endTile - firstTile == rows.tiles()) {
      call.finish(image, block, row * width, (endRow - row) * width);
      return;
    }
    int column = rows.firstColumn(firstTile);
    int columns = rows.firstColumn(endTile) - column;
    for (int r = row; r < endRow; r++) {
      call.finish(image, block, r * width + column, columns);
    }
  }

  @Override
  public double cost(int worker, int workers) {
    Runs shared = runs.of(workers);
    return cost(shared.start(worker), shared.start(worker + 1), segments(workers));
  }

  private double cost(long start, long end, int segments) {
    double cost = 0;
    for (long unit = start; unit < end; ) {
      int row = (int) (unit % geometry.rows());
      int segment = (int) (unit / geometry.rows() % segments);
      int endRow = (int) Math.min(geometry.rows(), row + end - unit);
      int firstTile = Workers.start(rows.tiles(), segment, segments);
      int endTile = Workers.start(rows.tiles(), segment + 1, segments);
      cost += rows.cost(row, endRow, firstTile, endTile);
      unit += endRow - row;
    }
    return cost;
  }

  @Override
  public void warmUp(boolean residual) {
    rows.warmUp();
  }

  @Override
  public List<String> explain() {
    return List.of(
        "%d rows of %d tiles of up to %d columns, %s on %d lanes"
            .formatted(
                units(1),
                rows.tiles(),
                rows.widestTile(),
                rows.method(),
                DepthwiseKernel.get().lanes()),
        geometry.multiplier() == 1
            ? "input read in place, in bands of up to %d rows".formatted(rows.bandRows())
            : "each input block expanded %d times, in bands of up to %d rows"
                .formatted(geometry.multiplier(), rows.bandRows()));
  }
}
