package dev.lanewise.kernels.direct;

import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.ConvAlgorithm;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.Taps;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Direct convolution over NCHW16c activations: for each band of rows, each pair of output-channel
 * blocks and each strip of pixels, one call of the batch-reduce kernel.
 *
 * <p>Rows that fall outside the input have no taps. Columns that do are zeros in a band of rows,
 * copied once and used by all output channels. Each output is summed in the order (input block,
 * tap, channel), so results do not depend on threads, lanes or batch position.
 */
public final class DirectConvolution implements ConvAlgorithm {

  private final Geometry geometry;
  private final BatchReduce kernel;
  private final OutputGroup[] groups;
  private final Strips strips;
  private final Taps[][] taps;
  private final int filterFloats;
  private final int inBlockStride;

  /**
   * Prepares the tables of a shape.
   *
   * @throws IllegalArgumentException if the packed filter or a band of rows would exceed 2^31 - 1
   *     floats
   */
  public DirectConvolution(ConvShape shape) {
    geometry = Geometry.of(shape);
    kernel = BatchReduce.get();
    groups = OutputGroup.all(shape);
    strips = new Strips(geometry, kernel.maxPixels());
    OutputGroup last = groups[groups.length - 1];
    filterFloats = last.filterBase() + (int) last.filterFloats(shape.kernelTaps());
    BandMemory memory = strips.memory;
    int rowFloats = geometry.width().input() * Geometry.BLOCK;
    inBlockStride = memory == null ? geometry.inPlane() : memory.blockStride();
    TapTables tables =
        new TapTables(
            geometry,
            inBlockStride,
            memory == null
                ? geometry.depth().dilation() * geometry.height().input() * rowFloats
                : memory.depthStride(),
            geometry.height().dilation() * (memory == null ? rowFloats : memory.rowStride()));
    taps = new Taps[groups.length][geometry.depth().output() * geometry.height().output()];
    for (int g = 0; g < groups.length; g++) {
      for (int row = 0; row < taps[g].length; row++) {
        int outRows = geometry.height().output();
        taps[g][row] = tables.table(groups[g], row / outRows, row % outRows);
      }
    }
  }

  @Override
  public int filterFloats() {
    return filterFloats;
  }

  @Override
  public int scratchFloats() {
    return strips.memory == null ? 0 : strips.memory.floats();
  }

  @Override
  public void pack(float[] filter, float[] packed) {
    FilterPacking.pack(geometry.shape(), groups, filter, packed);
  }

  @Override
  public void run(int worker, int workers, Scratch scratch, ConvCall call) {
    int unit = Workers.start(units(), worker, workers);
    int end = Workers.start(units(), worker + 1, workers);
    int perImage = groups.length * strips.count;
    while (unit < end) {
      int image = unit / perImage;
      int imageUnit = unit % perImage;
      for (Band band : strips.bands) {
        int bandEnd = groups.length * band.endStrip();
        if (imageUnit < bandEnd && unit < end) {
          int first = imageUnit - groups.length * band.firstStrip();
          int until = Math.min(groups.length * band.strips(), first + end - unit);
          runBand(image, band, first, until, scratch, call);
          unit += until - first;
          imageUnit += until - first;
        }
      }
    }
  }

  private int units() {
    return geometry.shape().batch() * groups.length * strips.count;
  }

  /** Computes the units {@code first} to {@code end} of a band, ordered (output group, strip). */
  private void runBand(int image, Band band, int first, int end, Scratch scratch, ConvCall call) {
    int imageBase = call.inputImage(image);
    float[] source = call.input();
    int sourceBase = imageBase;
    if (strips.memory != null) {
      source = scratch.floats(scratchFloats());
      sourceBase = 0;
      loadRows(band, first, end, call.input(), imageBase, source);
    }
    for (int unit = first; unit < end; ) {
      int group = unit / band.strips();
      int groupEnd = Math.min(end, (group + 1) * band.strips());
      int offset = band.firstStrip() - group * band.strips();
      runStrips(image, group, unit + offset, groupEnd + offset, source, sourceBase, call);
      unit = groupEnd;
    }
  }

  /** Brings in all of a band, or only the rows of a share that lies within one output group. */
  private void loadRows(
      Band band, int first, int end, float[] input, int imageBase, float[] memory) {
    int fromRow = band.firstRow();
    int endRow = band.endRow();
    if (first / band.strips() == (end - 1) / band.strips()) {
      int outRows = geometry.height().output();
      fromRow = strips.row[band.firstStrip() + first % band.strips()] % outRows;
      endRow = strips.row[band.firstStrip() + (end - 1) % band.strips()] % outRows + 1;
    }
    strips.memory.load(band, fromRow, endRow, input, imageBase, memory);
  }

  private void runStrips(
      int image,
      int groupIndex,
      int first,
      int end,
      float[] source,
      int sourceBase,
      ConvCall call) {
    OutputGroup group = groups[groupIndex];
    int plane = geometry.outPlane();
    int base = sourceBase + group.firstInBlock() * inBlockStride;
    int outBase = call.outputImage(image) + group.firstBlock() * plane;
    for (int s = first; s < end; s++) {
      kernel.strip(
          geometry.pixelStride(),
          group.blocks(),
          strips.pixels[s],
          source,
          base + strips.in[s],
          taps[groupIndex][strips.row[s]],
          call.weights(),
          group.filterBase(),
          call.bias(),
          group.firstBlock() * Geometry.BLOCK,
          0,
          Geometry.BLOCK,
          call.output(),
          outBase + strips.out[s],
          Geometry.BLOCK,
          plane);
      for (int b = 0; b < group.blocks(); b++) {
        call.finish(
            image, group.firstBlock() + b, strips.out[s] / Geometry.BLOCK, strips.pixels[s]);
      }
    }
  }

  @Override
  public double cost(int worker, int workers) {
    double cost = 0;
    for (int s = 0; s < strips.count; s++) {
      for (int g = 0; g < groups.length; g++) {
        cost += kernel.cost(groups[g].blocks(), strips.pixels[s], taps[g][strips.row[s]].count());
      }
    }
    int share =
        Workers.start(units(), worker + 1, workers) - Workers.start(units(), worker, workers);
    return geometry.shape().batch() * cost * share / units();
  }

  @Override
  public void warmUp() {
    IntStream.of(strips.pixels)
        .distinct()
        .forEach(
            pixels ->
                Stream.of(groups)
                    .mapToInt(OutputGroup::blocks)
                    .distinct()
                    .forEach(blocks -> kernel.warmUp(geometry.pixelStride(), blocks, pixels)));
  }

  @Override
  public List<String> explain() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d strips of up to %d pixels x %d output channels on %d lanes"
            .formatted(units(), strips.pixels[0], groups[0].channels(), kernel.lanes()));
    lines.add(
        strips.memory == null
            ? "input read in place, in %d bands an image".formatted(strips.bands.size())
            : "%d bands of up to %d rows an image, copied with their padding"
                .formatted(
                    strips.bands.size(),
                    strips.bands.getFirst().endRow() - strips.bands.getFirst().firstRow()));
    return lines;
  }
}
