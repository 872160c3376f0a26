package dev.lanewise.kernels.separable;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.depthwise.DepthwiseConvolution;
import dev.lanewise.kernels.direct.FilterPacking;
import dev.lanewise.kernels.direct.OutputGroup;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.ConvAlgorithm;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.Taps;
import java.util.Arrays;
import java.util.List;

/**
 * Depthwise, then pointwise convolution, a band of rows at a time: the depthwise rows of all
 * channels go to scratch, get their activation there and feed the pointwise product while they lie
 * in the caches.
 *
 * <p>Every sum is the one of the two convolutions made separately: bias, then the kernel's taps;
 * bias, then the channels in order.
 */
public final class SeparableConvolution implements ConvAlgorithm {

  private static final int BLOCK = Layout.BLOCK;

  /** A quarter of a second-level cache of 1 MiB: the pointwise filter passes through the rest. */
  private static final int BAND_FLOATS = (256 << 10) / Float.BYTES;

  /** Units that each worker should find at least, for balance. */
  private static final int UNITS_PER_WORKER = 8;

  private final DepthwiseConvolution depthwise;
  private final Activation middle;
  private final ConvShape pointwise;
  private final int batch;
  private final int midChannels;
  private final int midBlocks;
  private final int width;
  private final int rows;
  private final int rowsOfPlane;
  private final int bandRows;
  private final int midFloats;
  private final OutputGroup[] groups;
  private final BatchReduce kernel = BatchReduce.get();

  /** Where the bias of the depthwise convolution and the pointwise filter begin. */
  private final int midBias;

  private final int pointwiseFilter;

  /** For each number of rows of a band, less one: the taps of one and of two output blocks. */
  private final Taps[][] taps;

  /**
   * Prepares the tables.
   *
   * @throws IllegalArgumentException if the shape is not depthwise, or packed filters or a band
   *     would exceed 2^31 - 1 floats
   */
  SeparableConvolution(ConvShape shape, int outChannels, Activation middle) {
    depthwise = new DepthwiseConvolution(shape);
    this.middle = middle;
    batch = shape.batch();
    midChannels = shape.outChannels();
    midBlocks = Layout.blocks(midChannels);
    int[] dims = shape.outputDims();
    width = dims[dims.length - 1];
    rowsOfPlane = dims.length > 3 ? dims[dims.length - 2] : 1;
    rows = shape.outputPixels() / width;
    int rowFloats = Check.elements("row between", midBlocks, width, BLOCK);
    int most = Math.clamp(BAND_FLOATS / rowFloats, 1, rowsOfPlane);
    bandRows = Math.ceilDiv(rowsOfPlane, Math.ceilDiv(rowsOfPlane, most));
    midFloats = Check.elements("band between", rowFloats, bandRows);
    pointwise = ConvShape.conv1d(1, midChannels, rows * width, outChannels, 1);
    groups = OutputGroup.all(pointwise);
    OutputGroup last = groups[groups.length - 1];
    midBias = depthwise.filterFloats();
    pointwiseFilter = midBias + midBlocks * BLOCK;
    Check.elements("packed filters", last.filterBase() + (int) last.filterFloats(1), 1);
    taps = new Taps[bandRows][];
    for (int i = 0; i < bandRows; i++) {
      taps[i] = new Taps[] {taps(i + 1, 1), taps(i + 1, 2)};
    }
  }

  private Taps taps(int bandRows, int outBlocks) {
    int[] input = new int[midBlocks];
    int[] filter = new int[midBlocks];
    for (int b = 0; b < midBlocks; b++) {
      input[b] = b * bandRows * width * BLOCK;
      filter[b] = b * BLOCK * outBlocks * BLOCK;
    }
    return new Taps(input, filter);
  }

  @Override
  public int filterFloats() {
    OutputGroup last = groups[groups.length - 1];
    return pointwiseFilter + last.filterBase() + (int) last.filterFloats(1);
  }

  @Override
  public int scratchFloats() {
    return depthwise.scratchFloats() + midFloats;
  }

  /**
   * Lays the filters out.
   *
   * @param filter the depthwise filter, its bias and the pointwise filter, one after the other
   */
  @Override
  public void pack(float[] filter, float[] packed) {
    int taken = filter.length - midChannels - midChannels * pointwise.outChannels();
    depthwise.pack(filter, packed);
    System.arraycopy(filter, taken, packed, midBias, midChannels);
    float[] dense = Arrays.copyOfRange(filter, taken + midChannels, filter.length);
    float[] panels = new float[filterFloats() - pointwiseFilter];
    FilterPacking.pack(pointwise, groups, dense, panels);
    System.arraycopy(panels, 0, packed, pointwiseFilter, panels.length);
  }

  @Override
  public void run(int worker, int workers, Scratch scratch, ConvCall call) {
    float[] memory = scratch.floats(scratchFloats());
    int parts = parts(workers);
    int units = batch * parts * rows;
    int end = Workers.start(units, worker + 1, workers);
    for (int unit = Workers.start(units, worker, workers), next; unit < end; unit = next) {
      int row = unit % rows;
      int endRow = endOfBand(row, Math.min(rows, row + end - unit));
      int part = unit / rows % parts;
      next = unit + endRow - row;
      int image = unit / rows / parts;
      runDepthwise(image, row, endRow, memory, call);
      int firstGroup = Workers.start(groups.length, part, parts);
      int endGroup = Workers.start(groups.length, part + 1, parts);
      for (int g = firstGroup; g < endGroup; g++) {
        runPointwise(image, groups[g], row, endRow, memory, call);
      }
    }
  }

  /**
   * Parts into which the output channels are cut where rows alone are too few; each computes the
   * depthwise rows again. They are equal if need be.
   */
  private int parts(int workers) {
    int wanted = Math.ceilDiv(UNITS_PER_WORKER * workers, batch * rows);
    int parts = workers == 1 ? 1 : Math.min(wanted, groups.length);
    while (groups.length % parts != 0) {
      parts++;
    }
    return parts;
  }

  private int endOfBand(int row, int endRow) {
    int planeEnd = (row / rowsOfPlane + 1) * rowsOfPlane;
    return Math.min(Math.min(endRow, planeEnd), row + bandRows);
  }

  private void runDepthwise(int image, int row, int endRow, float[] memory, ConvCall call) {
    int floats = (endRow - row) * width * BLOCK;
    for (int block = 0; block < midBlocks; block++) {
      int to = depthwise.scratchFloats() + block * floats;
      depthwise.rows(
          block,
          row,
          endRow,
          call.input(),
          call.inputImage(image),
          memory,
          call.weights(),
          call.weights(),
          midBias + block * BLOCK,
          memory,
          to);
      int channels = Math.min(BLOCK, midChannels - block * BLOCK);
      Activations.applyBlocked(middle, memory, to, to + floats, channels);
    }
  }

  private void runPointwise(
      int image, OutputGroup group, int row, int endRow, float[] memory, ConvCall call) {
    int pixels = (endRow - row) * width;
    int strips = Math.ceilDiv(pixels, kernel.maxPixels());
    int outPlane = rows * width * BLOCK;
    int out = call.outputImage(image) + group.firstBlock() * outPlane;
    for (int s = 0; s < strips; s++) {
      int from = Workers.start(pixels, s, strips);
      int count = Workers.start(pixels, s + 1, strips) - from;
      int pixel = row * width + from;
      kernel.strip(
          BLOCK,
          group.blocks(),
          count,
          memory,
          depthwise.scratchFloats() + from * BLOCK,
          taps[endRow - row - 1][group.blocks() - 1],
          call.weights(),
          pointwiseFilter + group.filterBase(),
          call.bias(),
          group.firstBlock() * BLOCK,
          0,
          BLOCK,
          call.output(),
          out + pixel * BLOCK,
          BLOCK,
          outPlane);
      for (int b = 0; b < group.blocks(); b++) {
        call.finish(image, group.firstBlock() + b, pixel, count);
      }
    }
  }

  @Override
  public double cost(int worker, int workers) {
    int parts = parts(workers);
    int units = batch * parts * rows;
    int end = Workers.start(units, worker + 1, workers);
    double cost = 0;
    for (int unit = Workers.start(units, worker, workers), next; unit < end; unit = next) {
      int row = unit % rows;
      int endRow = endOfBand(row, Math.min(rows, row + end - unit));
      int part = unit / rows % parts;
      next = unit + endRow - row;
      cost += midBlocks * depthwise.costOfRows(row, endRow);
      int pixels = (endRow - row) * width;
      int endGroup = Workers.start(groups.length, part + 1, parts);
      for (int g = Workers.start(groups.length, part, parts); g < endGroup; g++) {
        cost += BatchReduce.cost(groups[g].blocks(), pixels, midBlocks);
      }
    }
    return cost;
  }

  @Override
  public void warmUp() {
    depthwise.warmUp();
    for (int bands = 0; bands < 2; bands++) {
      int pixels = (bandRows - bands) * width;
      int strips = Math.max(1, Math.ceilDiv(pixels, kernel.maxPixels()));
      for (OutputGroup group : List.of(groups[0], groups[groups.length - 1])) {
        kernel.warmUp(BLOCK, group.blocks(), Math.max(1, pixels / strips));
        kernel.warmUp(BLOCK, group.blocks(), Math.max(1, Math.ceilDiv(pixels, strips)));
      }
    }
  }

  @Override
  public List<String> explain() {
    return List.of(
        "bands of %d rows of %d channels between the two, %d bytes"
            .formatted(bandRows, midChannels, (long) Float.BYTES * midFloats),
        "depthwise: " + depthwise.explain().getFirst(),
        "pointwise: strips of up to %d pixels x %d output channels"
            .formatted(kernel.maxPixels(), groups[0].channels()));
  }
}
