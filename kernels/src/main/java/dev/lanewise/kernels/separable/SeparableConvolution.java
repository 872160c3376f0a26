package dev.lanewise.kernels.separable;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.depthwise.DepthwiseConvolution;
import dev.lanewise.kernels.depthwise.DepthwisePixels;
import dev.lanewise.kernels.direct.FilterPacking;
import dev.lanewise.kernels.direct.OutputGroup;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Shares;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Balance;
import dev.lanewise.kernels.plan.ConvAlgorithm;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.Taps;
import java.util.Arrays;
import java.util.List;

/**
 * Depthwise, then pointwise convolution, a band of pixels at a time: the depthwise output of all
 * channels goes to scratch, gets its activation there and feeds the pointwise product while it lies
 * in the caches.
 *
 * <p>Every sum is the one of the two convolutions made separately: bias, then the kernel's taps;
 * bias or residual, then the channels in order.
 *
 * <p>The unit of work is a pixel of some output groups: of all, or of a part of them where pixels
 * are few. Units are ordered (image, part, pixel). Each part computes the depthwise pixels again.
 */
public final class SeparableConvolution implements ConvAlgorithm {

  private static final int BLOCK = Layout.BLOCK;

  /** A quarter of a second-level cache of 1 MiB: the pointwise filter passes through the rest. */
  private static final int BAND_FLOATS = (256 << 10) / Float.BYTES;

  /** Strips that each worker should find before output channels are cut into parts. */
  private static final int STRIPS_PER_WORKER = 4;

  private final DepthwiseConvolution depthwise;
  private final DepthwisePixels pixels;
  private final Activation middleActivation;
  private final ConvShape pointwise;
  private final int batch;
  private final int midChannels;
  private final int midBlocks;
  private final int outPixels;
  private final Middle middle;

  /** Floats of scratch before the band, which begins at a cache line if the array does. */
  private final int before;

  private final OutputGroup[] groups;
  private final BatchReduce kernel = BatchReduce.get();

  /** Where the bias of the depthwise convolution begins in the packed filters. */
  private final int midBias;

  /** The taps of one and of two output blocks. */
  private final Taps[] taps;

  private final int workers;
  private final int parts;
  private final Shares shares;

  /**
   * Prepares the tables.
   *
   * @param workers how many workers will share the work; others may, less evenly
   * @param limit floats of scratch that a worker should not exceed
   * @throws IllegalArgumentException if the shape is not depthwise, or packed filters or a band
   *     would exceed 2^31 - 1 floats
   */
  SeparableConvolution(
      ConvShape shape, int outChannels, Activation middle, int workers, long limit) {
    depthwise = new DepthwiseConvolution(shape);
    pixels = depthwise.pixels();
    middleActivation = middle;
    batch = shape.batch();
    midChannels = shape.outChannels();
    midBlocks = Layout.blocks(midChannels);
    outPixels = shape.outputPixels();
    this.middle = Middle.of(pixels, midBlocks, Math.min(limit, BAND_FLOATS));
    int expanded = pixels.expandedFloats(Math.max(1, this.middle.rows()));
    before = Math.ceilDiv(expanded, BLOCK) * BLOCK + Slice.TO_LINE;
    Check.elements("scratch", before / BLOCK + 1 + this.middle.floats() / BLOCK, BLOCK);
    pointwise = ConvShape.conv1d(1, midChannels, outPixels, outChannels, 1);
    midBias = depthwise.filterFloats();
    groups = groups(pointwise, midBias + midBlocks * BLOCK);
    taps = new Taps[] {taps(1), taps(2)};
    this.workers = workers;
    parts = parts();
    shares = shares(parts);
  }

  /** The output groups, their filters {@code first} floats further on. */
  private static OutputGroup[] groups(ConvShape pointwise, int first) {
    OutputGroup[] groups = OutputGroup.all(pointwise);
    OutputGroup last = groups[groups.length - 1];
    long floats = first + last.filterBase() + last.filterFloats(1);
    Check.that(floats <= Integer.MAX_VALUE, "packed filters exceed 2^31 - 1 floats: %d", floats);
    Arrays.setAll(
        groups,
        i ->
            new OutputGroup(
                groups[i].firstBlock(),
                groups[i].blocks(),
                groups[i].firstInBlock(),
                groups[i].inBlocks(),
                first + groups[i].filterBase()));
    return groups;
  }

  private Taps taps(int outBlocks) {
    int[] input = new int[midBlocks];
    int[] filter = new int[midBlocks];
    for (int b = 0; b < midBlocks; b++) {
      input[b] = b * middle.plane();
      filter[b] = b * BLOCK * outBlocks * BLOCK;
    }
    return new Taps(input, filter);
  }

  /** Parts of the output groups for which the slowest worker is done first. */
  private int parts() {
    int most = Math.min(groups.length, workers);
    int best = 1;
    if ((double) batch * outPixels / workers >= STRIPS_PER_WORKER * BatchReduce.COST_PIXELS) {
      return best;
    }
    double least = Double.POSITIVE_INFINITY;
    for (int candidate = 1; candidate <= most; candidate++) {
      double slowest = slowest(candidate);
      if (slowest < least) {
        least = slowest;
        best = candidate;
      }
    }
    return best;
  }

  private double slowest(int candidate) {
    Shares cut = shares(candidate);
    double slowest = 0;
    for (int worker = 0; worker < workers; worker++) {
      slowest =
          Math.max(
              slowest, cost(candidate, cut.start(worker, workers), cut.start(worker + 1, workers)));
    }
    return slowest;
  }

  /** Rows of a part are segments: the borders have fewer taps. */
  private Shares shares(int cutInto) {
    int width = pixels.width();
    int rows = pixels.rows();
    int[] units = new int[cutInto * rows];
    double[] work = new double[units.length];
    for (int i = 0; i < units.length; i++) {
      int first = i % rows * width;
      units[i] = width;
      work[i] = bandCost(cutInto, i / rows, first, first + width) / width;
    }
    return new Shares(batch, units, work);
  }

  @Override
  public int filterFloats() {
    OutputGroup last = groups[groups.length - 1];
    return last.filterBase() + (int) last.filterFloats(1);
  }

  @Override
  public int scratchFloats() {
    return before + middle.floats();
  }

  /**
   * Lays the filters out.
   *
   * @param filter the depthwise filter, its bias and the pointwise filter, one after the other
   */
  @Override
  public void pack(float[] filter, float[] packed) {
    int bias = filter.length - midChannels - midChannels * pointwise.outChannels();
    depthwise.pack(filter, packed);
    System.arraycopy(filter, bias, packed, midBias, midChannels);
    float[] dense = Arrays.copyOfRange(filter, bias + midChannels, filter.length);
    FilterPacking.pack(pointwise, groups, dense, packed);
  }

  @Override
  public void run(int worker, int workers, Scratch scratch, ConvCall call) {
    float[] memory = scratch.floats(scratchFloats());
    long end = shares.start(worker + 1, workers);
    long imageUnits = shares.repeatUnits();
    for (long unit = shares.start(worker, workers); unit < end; ) {
      int image = (int) (unit / imageUnits);
      int part = (int) (unit % imageUnits / outPixels);
      int first = (int) (unit % outPixels);
      int next = middle.end(first, (int) Math.min(outPixels, first + end - unit));
      runDepthwise(image, first, next, memory, call);
      int endGroup = Workers.start(groups.length, part + 1, parts);
      for (int g = Workers.start(groups.length, part, parts); g < endGroup; g++) {
        runPointwise(image, groups[g], first, next, memory, call);
      }
      unit += next - first;
    }
  }

  private void runDepthwise(int image, int first, int end, float[] memory, ConvCall call) {
    int floats = (pixels.end(end) - pixels.begin(first)) * BLOCK;
    for (int block = 0; block < midBlocks; block++) {
      int to = before + block * middle.plane();
      pixels.run(
          block,
          first,
          end,
          call.input(),
          call.inputImage(image),
          memory,
          call.weights(),
          call.weights(),
          midBias + block * BLOCK,
          memory,
          to);
      int channels = Math.min(BLOCK, midChannels - block * BLOCK);
      Activations.applyBlocked(middleActivation, memory, to, to + floats, channels);
    }
  }

  /** Computes one output group of a band, and finishes a few strips at a time. */
  private void runPointwise(
      int image, OutputGroup group, int first, int end, float[] memory, ConvCall call) {
    int in = before - pixels.begin(first) * BLOCK;
    group.run(
        kernel,
        BLOCK,
        memory,
        in + first * BLOCK,
        taps[group.blocks() - 1],
        call,
        image,
        outPixels * BLOCK,
        first,
        end - first);
  }

  @Override
  public double cost(int worker, int workers) {
    return cost(parts, shares.start(worker, workers), shares.start(worker + 1, workers));
  }

  private double cost(int cutInto, long first, long end) {
    long imageUnits = (long) cutInto * outPixels;
    double cost = 0;
    for (long unit = first; unit < end; ) {
      int pixel = (int) (unit % outPixels);
      int next = middle.end(pixel, (int) Math.min(outPixels, pixel + end - unit));
      cost += bandCost(cutInto, (int) (unit % imageUnits / outPixels), pixel, next);
      unit += next - pixel;
    }
    return cost;
  }

  private double bandCost(int cutInto, int part, int first, int end) {
    double cost = midBlocks * pixels.cost(first, end);
    int endGroup = Workers.start(groups.length, part + 1, cutInto);
    for (int g = Workers.start(groups.length, part, cutInto); g < endGroup; g++) {
      cost += BatchReduce.cost(groups[g].blocks(), end - first, midBlocks);
    }
    return cost;
  }

  @Override
  public void warmUp(boolean residual) {
    depthwise.warmUp(false);
    boolean[] wanted = new boolean[kernel.maxPixels() + 1];
    for (int worker = 0; worker < workers; worker++) {
      collectWidths(shares.start(worker, workers), shares.start(worker + 1, workers), wanted);
    }
    boolean dense = !residual || !groups[0].startsFromResidual(BLOCK, taps[0]);
    int[] blocks = Arrays.stream(groups).mapToInt(OutputGroup::blocks).distinct().toArray();
    for (int size = 1; size < wanted.length; size++) {
      for (int i = 0; wanted[size] && i < blocks.length; i++) {
        kernel.warmUp(BLOCK, blocks[i], size, taps[blocks[i] - 1], dense);
      }
    }
  }

  /** Marks the widths of a share's strips. */
  private void collectWidths(long first, long end, boolean[] wanted) {
    for (long unit = first; unit < end; ) {
      int pixel = (int) (unit % outPixels);
      int next = middle.end(pixel, (int) Math.min(outPixels, pixel + end - unit));
      int strips = Math.ceilDiv(next - pixel, kernel.maxPixels());
      wanted[(next - pixel) / strips] = true;
      wanted[Math.ceilDiv(next - pixel, strips)] = true;
      unit += next - pixel;
    }
  }

  @Override
  public List<String> explain() {
    return List.of(
        "%s of %d channels between the two, %d bytes"
            .formatted(
                middle.rows() > 0
                    ? "bands of up to %d rows".formatted(middle.rows())
                    : "pieces of rows of up to %d pixels".formatted(middle.pixels()),
                midChannels,
                (long) Float.BYTES * middle.floats()),
        "depthwise: " + depthwise.explain().getFirst(),
        "pointwise: strips of up to %d pixels x %d output channels on %d lanes"
            .formatted(kernel.maxPixels(), groups[0].channels(), kernel.lanes()),
        "%d units of one pixel x %s; largest share %.2f times the mean of %d workers"
            .formatted(
                shares.units(),
                parts == 1 ? "all output channels" : "1/%d of the output channels".formatted(parts),
                Balance.of(this, workers).ratio(),
                workers));
  }
}
