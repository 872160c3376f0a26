package dev.lanewise.kernels.depthwise;

import dev.lanewise.kernels.depthwise.TapSums.Planes;
import dev.lanewise.kernels.layout.LaneGroups;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.FilterGradientCall;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.Blocks;
import dev.lanewise.kernels.simd.Interleave;
import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.kernels.simd.WarmUp;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Gradient by filter of a depthwise convolution or one in narrow groups: for each block of output
 * channels and each channel of a group the sums of all taps. The input is read where it lies, or
 * expanded a band of rows at a time where a channel has several filters or a group several
 * channels.
 *
 * <p>The tiles of columns of all images are cut into parts that depend on the shape alone; a part
 * is summed in order, and parts are added in order, so results have the same bits for any number of
 * workers. An instance keeps its memory: a steady state allocates nothing. It serves one caller at
 * a time.
 */
public final class DepthwiseFilterGradient {

  private static final int BLOCK = Geometry.BLOCK;

  /** Where expanded rows begin: at a cache line, which spares some 4 % of the time. */
  private static final int EXPANDED = Slice.TO_LINE;

  /** An eighth of a second-level cache of 1 MiB. */
  private static final int BAND_FLOATS = (128 << 10) / Float.BYTES;

  /** Parts of all blocks together, for balance, where so many can be cut. */
  private static final int UNITS = 32;

  /** Loading, permuting and storing a pixel of an expanded row, in the unit of {@link #cost}. */
  private static final double EXPANSION = 3.5;

  /** What a call for a plane costs beside its products. */
  private static final double CALL = 750;

  private final Geometry geometry;
  private final TapSums kernel = TapSums.get();
  private final RowSums rowKernel = RowSums.get();
  private final Expansion expansion;
  private final boolean byRows;
  private final boolean literal;

  /** Whether planes may be summed several in one call: of blocks, or of one block in images. */
  private final boolean joined;

  private final Planes blocks;
  private final Planes images;

  private final int bandRows;
  private final int expandedFloats;
  private final int piecesPerPlane;
  private final int parts;
  private final int taps;

  /** Input channels of a group. */
  private final int channels;

  /** Sums of an output channel. */
  private final int terms;

  /** {@code [block][part][channel of the group][tap][16]}. */
  private final float[] sums;

  private final Task sum = this::sum;
  private final Task collect = this::collect;
  private FilterGradientCall call;

  /**
   * Prepares the gradient of a shape.
   *
   * @throws IllegalArgumentException if {@link #objection} has one, or expanded rows or sums would
   *     exceed 2^31 - 1 floats
   */
  public DepthwiseFilterGradient(ConvShape shape) {
    objection(shape)
        .ifPresent(
            rule -> {
              throw new IllegalArgumentException(shape + " has no narrow groups: " + rule);
            });
    geometry = Geometry.of(shape);
    channels = shape.inChannels() / shape.groups();
    boolean inPlace = channels == 1 && geometry.multiplier() == 1;
    expansion = inPlace ? null : Expansion.of(geometry.groups());
    byRows = RowSums.takes(geometry);
    literal = byRows || TapSums.literal(geometry);
    joined =
        literal
            && !byRows
            && expansion == null
            && geometry.depth().kernel() == 1
            && geometry.depth().output() == 1;
    Axis height = geometry.height();
    int seen = Math.clamp((long) BAND_FLOATS / geometry.inRow(), 1, height.input());
    bandRows = Math.clamp((seen - height.extent()) / height.stride() + 1L, 1, height.output());
    expandedFloats = expansion == null ? 0 : expandedFloats(height);
    // Whole planes where the input is expanded first: no piece does it again for itself.
    piecesPerPlane = literal && expansion == null ? piecesOfPlane() : 1;
    taps = shape.kernelTaps();
    terms = channels * taps;
    parts = Math.clamp(Math.ceilDiv(UNITS, geometry.blocks()), 1, Math.max(1, pieces()));
    int all = geometry.blocks();
    blocks = new Planes(geometry.inPlane(), geometry.outPlane(), terms * BLOCK);
    images = new Planes(all * geometry.inPlane(), all * geometry.outPlane(), 0);
    sums = new float[Check.elements("sums", geometry.blocks(), parts, terms, BLOCK)];
  }

  /** Why a shape is neither depthwise nor one of narrow groups, if it is not. */
  public static Optional<String> objection(ConvShape shape) {
    return LaneGroups.objection(shape);
  }

  /**
   * Estimated work of a shape in narrow groups, in vector multiply-adds of 16 lanes; constants were
   * measured on a Zen 4 core.
   */
  public static double cost(ConvShape shape) {
    Geometry geometry = Geometry.of(shape);
    Axis depth = geometry.depth();
    Axis height = geometry.height();
    Axis width = geometry.width();
    double channels = (double) geometry.blocks() * shape.inChannels() / shape.groups();
    double planes = channels * shape.batch() * depth.output() * depth.kernel();
    double inputs = (double) height.input() * width.input();
    double products = (double) height.kernel() * width.kernel() * height.output() * width.output();
    return planes * (CALL + EXPANSION * inputs + productCost(geometry) * products);
  }

  private static double productCost(Geometry geometry) {
    if (!TapSums.literal(geometry)) {
      return 5; // each sum is a chain that waits for itself
    }
    if (geometry.height().kernel() == 1) {
      return 1.9;
    }
    return geometry.width().stride() == 1 ? 1.1 : 1.7;
  }

  /** Floats of the input rows that a band sees. */
  private int expandedFloats(Axis height) {
    long seen = (bandRows - 1L) * height.stride() + height.extent();
    int rows = (int) Math.min(height.input(), seen);
    return Check.elements("expanded band", rows, geometry.width().input(), BLOCK);
  }

  /** Rows or tiles of columns. */
  private int piecesOfPlane() {
    return byRows ? geometry.height().output() : TapSums.tiles(geometry);
  }

  /** Pieces of one channel block's work in all images. */
  private int pieces() {
    return geometry.shape().batch() * geometry.depth().output() * piecesPerPlane;
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
      if (parts > 1) {
        workers.run(collect);
      }
    } finally {
      call = null;
    }
  }

  private void sum(int worker, int workers, Scratch scratch) {
    int units = geometry.blocks() * parts;
    int first = Workers.start(units, worker, workers);
    int end = Workers.start(units, worker + 1, workers);
    Arrays.fill(sums, first * terms * BLOCK, end * terms * BLOCK, 0f);
    if (joined && parts == 1 && geometry.shape().batch() == 1) {
      addPlanes(first, 0, end - first, blocks, first * terms * BLOCK);
    } else {
      float[] expanded = scratch.floats(EXPANDED + expandedFloats);
      for (int unit = first; unit < end; unit++) {
        addUnit(unit, expanded);
      }
    }
    if (parts == 1) {
      for (int unit = first; unit < end; unit++) {
        layOut(unit);
      }
    }
  }

  /** Adds a part of a block's pieces. */
  private void addUnit(int unit, float[] expanded) {
    int block = unit / parts;
    int endPiece = Workers.start(pieces(), unit % parts + 1, parts);
    for (int piece = Workers.start(pieces(), unit % parts, parts), next;
        piece < endPiece;
        piece = next) {
      int plane = piece / piecesPerPlane;
      int first = piece - plane * piecesPerPlane;
      int whole = first == 0 && joined ? (endPiece - piece) / piecesPerPlane : 0;
      if (whole > 0) {
        next = piece + whole * piecesPerPlane;
        addPlanes(block, plane, whole, images, unit * terms * BLOCK);
      } else {
        next = Math.min(endPiece, (plane + 1) * piecesPerPlane);
        addPlane(block, plane, first, first + next - piece, expanded, unit * terms * BLOCK);
      }
    }
  }

  /** Adds whole planes from that of a block of an image on, in one call. */
  private void addPlanes(int block, int image, int count, Planes planes, int base) {
    int index = image * geometry.blocks() + block;
    kernel.addRows(
        geometry,
        count,
        planes,
        0,
        piecesPerPlane,
        0,
        geometry.height().output(),
        call.input(),
        call.inputFirst() + index * geometry.inPlane(),
        call.gradOutput(),
        call.gradOutputFirst() + index * geometry.outPlane(),
        sums,
        base);
  }

  /** Adds pieces of an output plane, counted through the images, to the sums of a block. */
  private void addPlane(int block, int index, int piece, int endPiece, float[] expanded, int base) {
    Axis depth = geometry.depth();
    Axis height = geometry.height();
    int image = index / depth.output();
    int plane = index % depth.output();
    int grad =
        call.gradOutputFirst()
            + (image * geometry.blocks() + block) * geometry.outPlane()
            + plane * height.output() * geometry.outRow();
    int planeTaps = height.kernel() * geometry.width().kernel();
    int inBlocks = Layout.blocks(geometry.shape().inChannels());
    int in = call.inputFirst() + (image * inBlocks + geometry.inBlock(block)) * geometry.inPlane();
    for (int d = depth.firstTap(plane); d < depth.endTap(plane); d++) {
      int inPlane = in + depth.position(plane, d) * height.input() * geometry.inRow();
      int to = base + d * planeTaps * BLOCK;
      if (expansion == null && byRows) {
        addRows(0, 1, piece, endPiece, call.input(), inPlane, grad, to);
      } else if (expansion == null) {
        addRows(piece, endPiece, 0, height.output(), call.input(), inPlane, grad, to);
      } else {
        addExpanded(block, inPlane, expanded, grad, to);
      }
    }
  }

  /** Adds an output plane to the sums of a plane of the kernel, channel by channel of a group. */
  private void addExpanded(int block, int inPlane, float[] expanded, int grad, int to) {
    int height = geometry.height().output();
    for (int row = 0, next; row < height; row = next) {
      next = Math.min(height, row + bandRows);
      for (int channel = 0; channel < channels; channel++) {
        int from = expand(block, channel, inPlane, row, next, expanded);
        int sumsBase = to + channel * taps * BLOCK;
        addRows(0, TapSums.tiles(geometry), row, next, expanded, EXPANDED - from, grad, sumsBase);
      }
    }
  }

  /** Expands the input rows that some output rows see; tells where they begin in their plane. */
  private int expand(int block, int channel, int inPlane, int row, int endRow, float[] expanded) {
    Axis height = geometry.height();
    int first = Math.clamp(height.position(row, 0), 0, height.input());
    long last = height.position(endRow - 1, 0) + (long) height.extent();
    int pixels = (Math.clamp(last, first, height.input()) - first) * geometry.width().input();
    int from = first * geometry.inRow();
    expansion.expand(block, channel, call.input(), inPlane + from, expanded, EXPANDED, pixels);
    return from;
  }

  private void addRows(
      int firstTile, int endTile, int row, int endRow, float[] in, int inPlane, int grad, int to) {
    if (byRows) {
      rowKernel.addRows(geometry, row, endRow, in, inPlane, call.gradOutput(), grad, sums, to);
      return;
    }
    if (literal) {
      kernel.addRows(
          geometry,
          1,
          Planes.SINGLE,
          firstTile,
          endTile,
          row,
          endRow,
          in,
          inPlane,
          call.gradOutput(),
          grad,
          sums,
          to);
      return;
    }
    int kernelWidth = geometry.width().kernel();
    for (int t = 0; t < geometry.height().kernel() * kernelWidth; t++) {
      kernel.addTapOf(
          geometry,
          t / kernelWidth,
          t % kernelWidth,
          row,
          endRow,
          in,
          inPlane,
          call.gradOutput(),
          grad,
          sums,
          to + t * BLOCK);
    }
  }

  /** Adds the parts of blocks in order and lays the sums out. */
  private void collect(int worker, int workers, Scratch scratch) {
    int partFloats = terms * BLOCK;
    int end = Workers.start(geometry.blocks(), worker + 1, workers);
    for (int block = Workers.start(geometry.blocks(), worker, workers); block < end; block++) {
      int total = block * parts * partFloats;
      for (int part = 1; part < parts; part++) {
        Blocks.add(sums, total + part * partFloats, BLOCK, sums, total, BLOCK, terms);
      }
      layOut(block);
    }
  }

  /** Turns {@code [term][16]} of a block's sums into {@code [channel][term]} of the result. */
  private void layOut(int block) {
    int outputs = Math.min(BLOCK, geometry.shape().outChannels() - block * BLOCK);
    int from = block * parts * terms * BLOCK;
    Interleave.run(
        sums,
        from,
        BLOCK,
        terms,
        outputs,
        call.gradFilter(),
        call.gradFilterFirst() + block * BLOCK * terms,
        false);
  }

  /** Calls the micro-kernels that the gradient needs until they are compiled. */
  public void warmUp() {
    if (!literal || !Lanes.vectorised()) {
      return;
    }
    float[] in = new float[geometry.height().input() * geometry.inRow()];
    float[] grad = new float[geometry.height().output() * geometry.outRow()];
    float[] some = new float[taps * BLOCK];
    int rows = geometry.height().output();
    long compiled = 2_000 + 40L * rows * taps * BLOCK / Lanes.LANES;
    if (byRows) {
      WarmUp.drive(() -> rowKernel.addRows(geometry, 0, rows, in, 0, grad, 0, some, 0), compiled);
    } else {
      warmUpTiles(rows, in, grad, some, compiled);
    }
    Interleave.warmUp(terms, false);
  }

  /**
   * All borders and whole columns: C2 leaves out branches that have never been taken, and checks
   * beforehand what held for the rows that it has seen.
   */
  private void warmUpTiles(int rows, float[] in, float[] grad, float[] some, long compiled) {
    int tiles = TapSums.tiles(geometry);
    int left = Math.min(2, tiles);
    int right = tiles - left;
    WarmUp.drive(
        () -> {
          kernel.addRows(geometry, 1, Planes.SINGLE, 0, left, 0, rows, in, 0, grad, 0, some, 0);
          kernel.addRows(
              geometry, 1, Planes.SINGLE, right, tiles, 0, rows, in, 0, grad, 0, some, 0);
        },
        compiled);
  }

  /** How the work is cut up, one fact a line. */
  public List<String> explain() {
    return List.of(
        "%d blocks of channels x %d parts, %s"
            .formatted(
                geometry.blocks(),
                parts,
                expansion == null
                    ? "read where they lie"
                    : "expanded %d times in bands of up to %d rows"
                        .formatted(geometry.multiplier() * channels, bandRows)));
  }
}
