package dev.lanewise.kernels.strassen;

import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.ConvAlgorithm;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.kernels.simd.Taps;
import dev.lanewise.kernels.simd.WarmUp;
import java.util.List;
import java.util.Optional;

/**
 * Pointwise convolution by one level of Strassen's algorithm, in Winograd's form.
 *
 * <p>With the input A (pixels x input channels) and the filter B (input x output channels) in
 * quarters,
 *
 * <pre>
 * s1 = a21 + a22   s2 = s1 - a11   s3 = a11 - a21   s4 = a12 - s2
 * t1 = b12 - b11   t2 = b22 - t1   t3 = b22 - b12   t4 = t2 - b21
 *
 * u1 = a11 b11     c11 = u1 + a12 b21
 * u2 = u1 + s2 t2  u3 = u2 + s3 t3
 * u4 = s1 t1       c22 = u3 + u4
 *                  c12 = (u2 + u4) + s4 b22
 *                  c21 = u3 - a22 t4
 * </pre>
 *
 * Each {@code +} before a product is a sum that starts from what stands on its left; two additions
 * remain. Where u1 starts from the bias of the first half of the channels, so do all outputs; u4,
 * which enters those of the second half alone, starts from the difference between the biases.
 *
 * <p>A pixel of the upper half of an image always meets the same one of the lower half, so results
 * do not depend on threads, lanes or batch position.
 */
public final class StrassenConvolution implements ConvAlgorithm {

  private static final int BLOCK = Quarters.BLOCK;
  private static final int PANEL = Quarters.PANEL;

  /** Products whose sums would be too short for anything but an objection. */
  private static final int LEAST_CHANNELS = 2 * PANEL;

  private static final int WARM_PIXELS = 16;

  /** More than {@link #WARM_PIXELS} pixels take once compiled, and far less than before. */
  private static final long COMPILED_NANOS = 2_000;

  private final BatchReduce kernel = BatchReduce.get();
  private final Quarters quarters;
  private final StrassenPartition partition;

  /** Taps of quarters of the input and of their sums. */
  private final Taps inputTaps;

  private final Taps sumTaps;
  private final int workers;

  /**
   * Prepares the tables.
   *
   * @param workers how many workers will share the work; only {@link #warmUp} and {@link #explain}
   *     depend on it
   */
  public StrassenConvolution(ConvShape shape, int workers) {
    this.workers = workers;
    quarters = new Quarters(shape);
    partition = new StrassenPartition(quarters);
    inputTaps = taps(quarters.pixels);
    sumTaps = taps(quarters.blockPixels);
  }

  private Taps taps(int plane) {
    int[] input = new int[quarters.inBlocks];
    int[] filter = new int[quarters.inBlocks];
    for (int b = 0; b < quarters.inBlocks; b++) {
      input[b] = b * plane * BLOCK;
      filter[b] = b * BLOCK * PANEL;
    }
    return new Taps(input, filter);
  }

  /** Why this algorithm cannot compute a shape, if it cannot. */
  public static Optional<String> objection(ConvShape shape) {
    boolean pointwise =
        shape.groups() == 1
            && shape.axes().stream().allMatch(axis -> axis.equals(Axis.of(axis.input(), 1)));
    if (!pointwise) {
      return Optional.of("only pointwise kernels of stride 1, without padding and groups");
    }
    if (shape.inChannels() % LEAST_CHANNELS != 0 || shape.outChannels() % LEAST_CHANNELS != 0) {
      return Optional.of(
          "%d > %d channels are not multiples of %d"
              .formatted(shape.inChannels(), shape.outChannels(), LEAST_CHANNELS));
    }
    if (shape.outputPixels() % 2 != 0) {
      return Optional.of("an odd number of pixels: %d".formatted(shape.outputPixels()));
    }
    long filter = new Quarters(shape).filterFloats();
    return filter > Integer.MAX_VALUE
        ? Optional.of("packed filter of %d floats exceeds 2^31 - 1".formatted(filter))
        : Optional.empty();
  }

  @Override
  public int filterFloats() {
    return (int) quarters.filterFloats();
  }

  @Override
  public int scratchFloats() {
    return quarters.workspaceFloats();
  }

  @Override
  public void pack(float[] filter, float[] packed) {
    pack(filter, packed, 0, 1);
  }

  /** Lays out {@code [panel][b11, b21, t2, t3, t1, b22, -t4][channel][32]}. */
  @Override
  public void pack(float[] filter, float[] packed, int worker, int count) {
    int end = Workers.start(quarters.panels, worker + 1, count);
    for (int panel = Workers.start(quarters.panels, worker, count); panel < end; panel++) {
      int to = panel * Quarters.PRODUCTS * quarters.productFloats();
      for (int k = 0; k < quarters.inChannels / 2; k++) {
        for (int lane = 0; lane < PANEL; lane++) {
          int from = (panel * PANEL + lane) * quarters.inChannels + k;
          pack(filter, from, packed, to + k * PANEL + lane);
        }
      }
    }
  }

  /** The seven factors that are made of one element of each quarter. */
  private void pack(float[] filter, int from, float[] packed, int to) {
    int further = quarters.inChannels / 2;
    int second = from + quarters.panels * PANEL * quarters.inChannels;
    int apart = quarters.productFloats();
    double b11 = filter[from];
    double b21 = filter[from + further];
    double b12 = filter[second];
    double b22 = filter[second + further];
    double t1 = b12 - b11;
    double t2 = b22 - t1;
    packed[to] = (float) b11;
    packed[to + apart] = (float) b21;
    packed[to + 2 * apart] = (float) t2;
    packed[to + 3 * apart] = (float) (b22 - b12);
    packed[to + 4 * apart] = (float) t1;
    packed[to + 5 * apart] = (float) b22;
    packed[to + 6 * apart] = (float) (b21 - t2);
  }

  @Override
  public void run(int worker, int count, Scratch scratch, ConvCall call) {
    float[] workspace = scratch.floats(scratchFloats());
    StrassenPartition.Choice shared = partition.choice(count);
    long end = shared.runs().start(worker + 1);
    for (long unit = shared.runs().start(worker); unit < end; ) {
      int first = (int) (unit % quarters.half);
      int until = (int) Math.min(quarters.half, first + end - unit);
      int part = (int) (unit / quarters.half % shared.parts());
      int image = (int) (unit / quarters.half / shared.parts());
      int firstPanel = Workers.start(quarters.panels, part, shared.parts());
      int endPanel = Workers.start(quarters.panels, part + 1, shared.parts());
      for (int from = first; from < until; from += quarters.blockPixels) {
        int pixels = Math.min(quarters.blockPixels, until - from);
        sumInput(image, from, pixels, workspace, call);
        for (int panel = firstPanel; panel < endPanel; panel++) {
          multiply(image, from, pixels, panel, workspace, call);
        }
      }
      unit += until - first;
    }
  }

  /** Where a pixel of a block of 16 channels of an image lies, from the image's beginning. */
  private int place(int block, int pixel) {
    return (block * quarters.pixels + pixel) * BLOCK;
  }

  private void sumInput(int image, int from, int count, float[] workspace, ConvCall call) {
    int lower = from + quarters.half;
    for (int b = 0; b < quarters.inBlocks; b++) {
      int second = quarters.inBlocks + b;
      int base = call.inputImage(image);
      QuarterSums.input(
          call.input(),
          base + place(b, from),
          base + place(second, from),
          base + place(b, lower),
          base + place(second, lower),
          workspace,
          quarters.inputSum(0, b),
          quarters.inBlocks * quarters.blockPixels * BLOCK,
          count);
    }
  }

  /** Computes the outputs of some pixels of both halves for a panel of both halves. */
  private void multiply(
      int image, int from, int count, int panel, float[] workspace, ConvCall call) {
    int lower = from + quarters.half;
    int block = 2 * panel;
    int secondBlock = 2 * (quarters.panels + panel);
    int in = call.inputImage(image);
    int a11 = in + place(0, from);
    int a12 = in + place(quarters.inBlocks, from);
    int a22 = in + place(quarters.inBlocks, lower);
    int out = call.outputImage(image);
    int u1 = quarters.kept(0);
    int u2 = quarters.kept(1);
    int u3 = quarters.kept(2);
    int u4 = quarters.kept(3);
    int difference = quarters.biasDifference();
    for (int c = 0; c < PANEL; c++) {
      workspace[difference + c] =
          call.bias()[secondBlock * BLOCK + c] - call.bias()[block * BLOCK + c];
    }
    begin(
        call,
        panel,
        0,
        call.input(),
        a11,
        inputTaps,
        call.bias(),
        block * BLOCK,
        u1,
        count,
        workspace);
    end(
        call,
        panel,
        1,
        call.input(),
        a12,
        inputTaps,
        u1,
        out + place(block, from),
        count,
        workspace);
    goOn(call, panel, 2, quarters.inputSum(1, 0), u1, u2, count, workspace);
    goOn(call, panel, 3, quarters.inputSum(2, 0), u2, u3, count, workspace);
    begin(
        call,
        panel,
        4,
        workspace,
        quarters.inputSum(0, 0),
        sumTaps,
        workspace,
        difference,
        u4,
        count,
        workspace);
    for (int b = 0; b < 2; b++) {
      int apart = b * quarters.blockPixels * BLOCK;
      int to = out + place(secondBlock + b, lower);
      QuarterSums.output(workspace, u4 + apart, u2 + apart, u3 + apart, call.output(), to, count);
    }
    end(
        call,
        panel,
        5,
        workspace,
        quarters.inputSum(3, 0),
        sumTaps,
        u2,
        out + place(secondBlock, from),
        count,
        workspace);
    end(
        call,
        panel,
        6,
        call.input(),
        a22,
        inputTaps,
        u3,
        out + place(block, lower),
        count,
        workspace);
    for (int b = 0; b < 2; b++) {
      call.finish(image, block + b, from, count);
      call.finish(image, block + b, lower, count);
      call.finish(image, secondBlock + b, from, count);
      call.finish(image, secondBlock + b, lower, count);
    }
  }

  /** A product that starts from a bias and is kept. */
  private void begin(
      ConvCall call,
      int panel,
      int product,
      float[] in,
      int at,
      Taps taps,
      float[] bias,
      int biasAt,
      int to,
      int count,
      float[] workspace) {
    int apart = quarters.blockPixels * BLOCK;
    multiply(
        call, panel, product, in, at, taps, count, bias, biasAt, 0, BLOCK, workspace, to, apart);
  }

  /** A product with a sum of the input, which starts from what is kept and is kept itself. */
  private void goOn(
      ConvCall call,
      int panel,
      int product,
      int at,
      int start,
      int to,
      int count,
      float[] workspace) {
    int apart = quarters.blockPixels * BLOCK;
    multiply(
        call, panel, product, workspace, at, sumTaps, count, workspace, start, BLOCK, apart,
        workspace, to, apart);
  }

  /** A product that starts from what is kept and completes a quarter of the output. */
  private void end(
      ConvCall call,
      int panel,
      int product,
      float[] in,
      int at,
      Taps taps,
      int start,
      int to,
      int count,
      float[] workspace) {
    int apart = quarters.blockPixels * BLOCK;
    multiply(
        call,
        panel,
        product,
        in,
        at,
        taps,
        count,
        workspace,
        start,
        BLOCK,
        apart,
        call.output(),
        to,
        quarters.pixels * BLOCK);
  }

  private void multiply(
      ConvCall call,
      int panel,
      int product,
      float[] in,
      int at,
      Taps taps,
      int count,
      float[] init,
      int initBase,
      int initPixel,
      int initBlock,
      float[] out,
      int outBase,
      int outBlock) {
    int filter = (panel * Quarters.PRODUCTS + product) * quarters.productFloats();
    kernel.pixels(
        BLOCK,
        2,
        count,
        in,
        at,
        taps,
        call.weights(),
        filter,
        init,
        initBase,
        initPixel,
        initBlock,
        out,
        outBase,
        BLOCK,
        outBlock);
  }

  @Override
  public double cost(int worker, int count) {
    return partition.cost(worker, count);
  }

  @Override
  public void warmUp(boolean residual) {
    if (!Lanes.vectorised()) {
      return;
    }
    boolean[] wanted = new boolean[kernel.maxPixels() + 1];
    StrassenPartition.Choice shared = partition.choice(workers);
    for (int worker = 0; worker < workers; worker++) {
      collectWidths(shared.runs().start(worker), shared.runs().start(worker + 1), wanted);
    }
    for (int width = 1; width < wanted.length; width++) {
      if (wanted[width]) {
        kernel.warmUp(BLOCK, 2, width, inputTaps, true);
        kernel.warmUp(BLOCK, 2, width, inputTaps, false);
      }
    }
    float[] quarter = new float[4 * WARM_PIXELS * BLOCK];
    float[] sums = new float[4 * WARM_PIXELS * BLOCK];
    int apart = WARM_PIXELS * BLOCK;
    WarmUp.drive(
        () -> {
          QuarterSums.input(quarter, 0, apart, 2 * apart, 3 * apart, sums, 0, apart, WARM_PIXELS);
          QuarterSums.output(sums, 0, apart, 2 * apart, quarter, 0, WARM_PIXELS);
        },
        COMPILED_NANOS);
  }

  /** Marks the widths of the strips of a run of units. */
  private void collectWidths(long start, long end, boolean[] wanted) {
    for (long unit = start; unit < end; ) {
      int count = (int) Math.min(quarters.half - unit % quarters.half, end - unit);
      collectWidths(Math.min(count, quarters.blockPixels), wanted);
      collectWidths((count - 1) % quarters.blockPixels + 1, wanted);
      unit += count;
    }
  }

  private void collectWidths(int pixels, boolean[] wanted) {
    int strips = Math.ceilDiv(pixels, kernel.maxPixels());
    wanted[pixels / strips] = true;
    wanted[Math.ceilDiv(pixels, strips)] = true;
  }

  @Override
  public List<String> explain() {
    return List.of(
        "7 products for 8: quarters of %d pixels, %d > %d channels"
            .formatted(quarters.half, quarters.inChannels / 2, quarters.panels * PANEL),
        "blocks of up to %d pixels of both halves, output channels in %d parts"
            .formatted(quarters.blockPixels, partition.choice(workers).parts()));
  }
}
