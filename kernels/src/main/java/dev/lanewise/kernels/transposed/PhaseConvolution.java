package dev.lanewise.kernels.transposed;

import dev.lanewise.kernels.direct.FilterPacking;
import dev.lanewise.kernels.direct.OutputGroup;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Shares;
import dev.lanewise.kernels.plan.ConvAlgorithm;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.Taps;
import dev.lanewise.kernels.transposed.AxisPhases.Reach;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Transposed convolution by phases over NCHW16c activations: for each band of rows, each pair of
 * output-channel blocks, each piece of a row and each column phase, one call of the batch-reduce
 * kernel, which reads neighbouring pixels and writes pixels that lie a stride apart.
 *
 * <p>Each output is summed in the order (input block, tap, channel), so results do not depend on
 * threads, lanes or batch position.
 */
public final class PhaseConvolution implements ConvAlgorithm {

  private static final int BLOCK = PhaseGeometry.BLOCK;

  /** Work of copying a float into a band, in the unit of {@link BatchReduce#cost}. */
  private static final double COPY_COST = 0.06;

  private final PhaseGeometry geometry;

  /** A convolution with these channels and taps: what packing a filter asks for. */
  private final ConvShape filterShape;

  private final BatchReduce kernel = BatchReduce.get();
  private final OutputGroup[] groups;
  private final RowPieces pieces;
  private final ColumnPhase[] columns;

  /** Units of an image before each band: pieces of output groups, in the order (group, piece). */
  private final int[] unitsBefore;

  /** Estimated work of an output group's pieces before each. */
  private final double[][] workBefore;

  private final Shares shares;
  private final int filterFloats;
  private final int inBlockStride;

  /** {@code [group][row][column phase]}; groups of a kind share their tables. */
  private final Taps[][][] taps;

  /** Where the first tap of each output row looks, relative to its image or band. */
  private final int[] rowInput;

  /**
   * Prepares the tables of a shape.
   *
   * @throws IllegalArgumentException if the packed filter or a band of rows would exceed 2^31 - 1
   *     floats
   */
  public PhaseConvolution(TransposedShape shape) {
    geometry = PhaseGeometry.of(shape);
    int kernelTaps = shape.kernelTaps();
    filterShape =
        new ConvShape(
            1,
            shape.inChannels(),
            shape.outChannels(),
            shape.groups(),
            List.of(Axis.of(kernelTaps, kernelTaps)));
    groups = OutputGroup.all(filterShape);
    OutputGroup last = groups[groups.length - 1];
    filterFloats = last.filterBase() + (int) last.filterFloats(kernelTaps);
    pieces = new RowPieces(geometry, kernel.maxPixels());
    columns = ColumnPhase.all(geometry);
    BandMemory memory = pieces.memory;
    inBlockStride = memory == null ? geometry.inPlane() : memory.blockStride();
    rowInput = new int[geometry.rows()];
    taps = new Taps[groups.length][geometry.rows()][columns.length];
    fillTables(
        new PhaseTaps(
            geometry,
            inBlockStride,
            memory == null
                ? -geometry.depth().inputStep() * geometry.planeFloats()
                : memory.planeStride(),
            -geometry.height().inputStep()
                * (memory == null ? geometry.rowFloats() : memory.rowStride())));
    unitsBefore = new int[pieces.bands.size() + 1];
    for (int b = 0; b < pieces.bands.size(); b++) {
      unitsBefore[b + 1] = unitsBefore[b] + groups.length * pieces.bands.get(b).pieces();
    }
    workBefore = new double[groups.length][pieces.count + 1];
    for (int g = 0; g < groups.length; g++) {
      for (int p = 0; p < pieces.count; p++) {
        workBefore[g][p + 1] = workBefore[g][p] + pieceCost(g, p);
      }
    }
    shares = shares();
  }

  /** Rows of a band and output group are segments: what taps they have depends on the phase. */
  private Shares shares() {
    int perRow = pieces.perRow;
    int[] units = new int[groups.length * geometry.rows()];
    double[] work = new double[units.length];
    Arrays.fill(units, perRow);
    int segment = 0;
    for (RowBand band : pieces.bands) {
      for (double[] before : workBefore) {
        for (int p = band.firstPiece(); p < band.endPiece(); p += perRow) {
          // An output between taps costs only its bias, but its segment must not be empty.
          work[segment++] = Math.max(1, (before[p + perRow] - before[p]) / perRow);
        }
      }
    }
    return new Shares(geometry.shape().batch(), units, work);
  }

  private void fillTables(PhaseTaps tables) {
    int outRows = geometry.height().output();
    for (RowBand band : pieces.bands) {
      Reach depth = geometry.depth().reach(band.plane());
      int origin =
          pieces.memory == null ? 0 : pieces.memory.firstInput(band.firstRow(), band.endRow());
      for (int h = band.firstRow(); h < band.endRow(); h++) {
        Reach height = geometry.height().reach(h);
        int row = band.plane() * outRows + h;
        if (height.taps() > 0 && pieces.memory != null) {
          rowInput[row] = (height.input() - origin) * pieces.memory.rowStride();
        } else if (height.taps() > 0) {
          rowInput[row] =
              depth.input() * geometry.planeFloats() + height.input() * geometry.rowFloats();
        }
        for (int g = 0; g < groups.length; g++) {
          for (int c = 0; c < columns.length; c++) {
            taps[g][row][c] = tables.table(groups[g], depth, height, columns[c].firstTap());
          }
        }
      }
    }
  }

  @Override
  public int filterFloats() {
    return filterFloats;
  }

  @Override
  public int scratchFloats() {
    return pieces.memory == null ? 0 : pieces.memory.floats();
  }

  /**
   * Lays a filter out.
   *
   * @param filter {@code [outChannels][inChannels / groups][kernel...]}, its taps in the order of
   *     the transposed convolution
   */
  @Override
  public void pack(float[] filter, float[] packed) {
    FilterPacking.pack(filterShape, groups, filter, packed);
  }

  @Override
  public void run(int worker, int workers, Scratch scratch, ConvCall call) {
    long end = shares.start(worker + 1, workers);
    for (long unit = shares.start(worker, workers); unit < end; ) {
      int within = (int) (unit % shares.repeatUnits());
      int band = band(within);
      int first = within - unitsBefore[band];
      int count = (int) Math.min(end - unit, unitsBefore[band + 1] - within);
      int image = (int) (unit / shares.repeatUnits());
      runBand(image, pieces.bands.get(band), first, count, scratch, call);
      unit += count;
    }
  }

  /** The band of a unit of an image. */
  private int band(int unit) {
    int band = 0;
    while (unitsBefore[band + 1] <= unit) {
      band++;
    }
    return band;
  }

  /** Computes {@code count} units of a band from {@code first}, ordered (output group, piece). */
  private void runBand(
      int image, RowBand band, int first, int count, Scratch scratch, ConvCall call) {
    float[] source = call.input();
    int sourceBase = call.inputImage(image);
    if (pieces.memory != null) {
      source = scratch.floats(scratchFloats());
      sourceBase = 0;
      int fromRow = band.firstRow();
      int endRow = band.endRow();
      int piece = first % band.pieces();
      if (piece + count <= band.pieces()) {
        int outRows = geometry.height().output();
        fromRow = pieces.row[band.firstPiece() + piece] % outRows;
        endRow = pieces.row[band.firstPiece() + piece + count - 1] % outRows + 1;
      }
      pieces.memory.load(band, fromRow, endRow, call.input(), call.inputImage(image), source);
    }
    for (int unit = first; unit < first + count; unit++) {
      int piece = band.firstPiece() + unit % band.pieces();
      runPiece(image, unit / band.pieces(), piece, source, sourceBase, call);
    }
  }

  private void runPiece(
      int image, int groupIndex, int piece, float[] source, int sourceBase, ConvCall call) {
    OutputGroup group = groups[groupIndex];
    int row = pieces.row[piece];
    int column = pieces.column[piece];
    int width = geometry.width().output();
    int plane = geometry.outPlane();
    int outBase = call.outputImage(image) + group.firstBlock() * plane;
    int inBase =
        sourceBase
            + group.firstInBlock() * inBlockStride
            + rowInput[row]
            + (pieces.memory == null ? 0 : geometry.columnsBefore() * BLOCK);
    for (int c = 0; c < columns.length; c++) {
      int pixels = columns[c].pixels(column, pieces.endColumn[piece]);
      if (pixels > 0) {
        kernel.pixels(
            BLOCK,
            group.blocks(),
            pixels,
            source,
            inBase + columns[c].input(column) * BLOCK,
            taps[groupIndex][row][c],
            call.weights(),
            group.filterBase(),
            call.bias(),
            group.firstBlock() * BLOCK,
            0,
            BLOCK,
            call.output(),
            outBase + (row * width + column + c) * BLOCK,
            geometry.width().stride() * BLOCK,
            plane);
      }
    }
    for (int b = 0; b < group.blocks(); b++) {
      call.finish(
          image, group.firstBlock() + b, row * width + column, pieces.endColumn[piece] - column);
    }
  }

  private double pieceCost(int groupIndex, int piece) {
    double cost = 0;
    for (int c = 0; c < columns.length; c++) {
      int pixels = columns[c].pixels(pieces.column[piece], pieces.endColumn[piece]);
      if (pixels > 0) {
        Taps table = taps[groupIndex][pieces.row[piece]][c];
        cost += BatchReduce.cost(groups[groupIndex].blocks(), pixels, table.count());
      }
    }
    return cost;
  }

  @Override
  public double cost(int worker, int workers) {
    long end = shares.start(worker + 1, workers);
    double cost = 0;
    for (long unit = shares.start(worker, workers); unit < end; ) {
      int within = (int) (unit % shares.repeatUnits());
      int band = band(within);
      int first = within - unitsBefore[band];
      int count = (int) Math.min(end - unit, unitsBefore[band + 1] - within);
      cost += bandCost(pieces.bands.get(band), first, count);
      unit += count;
    }
    return cost;
  }

  private double bandCost(RowBand band, int first, int count) {
    double cost = copyCost(band);
    for (int unit = first; unit < first + count; ) {
      int piece = unit % band.pieces();
      int end = Math.min(band.pieces(), piece + first + count - unit);
      double[] before = workBefore[unit / band.pieces()];
      cost += before[band.firstPiece() + end] - before[band.firstPiece() + piece];
      unit += end - piece;
    }
    return cost;
  }

  private double copyCost(RowBand band) {
    if (pieces.memory == null) {
      return 0;
    }
    int rows = geometry.height().mostInputs(band.rows());
    return COPY_COST
        * geometry.inBlocks()
        * geometry.depth().reach(band.plane()).taps()
        * rows
        * pieces.memory.rowStride();
  }

  @Override
  public void warmUp(boolean residual) {
    IntStream.range(0, pieces.count)
        .flatMap(
            p ->
                Stream.of(columns)
                    .mapToInt(phase -> phase.pixels(pieces.column[p], pieces.endColumn[p])))
        .filter(pixels -> pixels > 0)
        .distinct()
        .forEach(
            pixels -> {
              for (int g = Math.max(0, groups.length - 2); g < groups.length; g++) {
                warmUp(g, pixels);
              }
            });
  }

  private void warmUp(int group, int pixels) {
    boolean dense = geometry.width().stride() == 1;
    Stream.of(taps[group])
        .flatMap(Stream::of)
        .distinct()
        .forEach(table -> kernel.warmUp(BLOCK, groups[group].blocks(), pixels, table, dense));
  }

  @Override
  public List<String> explain() {
    int phases = geometry.depth().stride() * geometry.height().stride() * geometry.width().stride();
    return List.of(
        "%d phases, each a convolution of stride 1 with its own taps of %d"
            .formatted(phases, geometry.shape().kernelTaps()),
        "%d pieces of rows x %d output groups an image, strips of up to %d pixels on %d lanes"
            .formatted(pieces.count, groups.length, kernel.maxPixels(), kernel.lanes()),
        pieces.memory == null
            ? "input read in place, in %d bands an image".formatted(pieces.bands.size())
            : "%d bands of up to %d rows an image, copied with their padding"
                .formatted(pieces.bands.size(), pieces.bands.getFirst().rows()));
  }
}
