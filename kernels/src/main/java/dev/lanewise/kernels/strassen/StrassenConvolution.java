package dev.lanewise.kernels.strassen;

import dev.lanewise.kernels.parallel.PartedRuns;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.ConvAlgorithm;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.BatchReduce;
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

  private final BatchReduce kernel = BatchReduce.get();
  private final Quarters quarters;
  private final StrassenPartition partition;
  private final FilterSums filterSums;
  private final Products products;
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
    filterSums = new FilterSums(quarters);
    products = new Products(kernel, quarters);
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

  @Override
  public void pack(float[] filter, float[] packed, int worker, int count) {
    filterSums.pack(filter, packed, worker, count);
  }

  @Override
  public void run(int worker, int count, Scratch scratch, ConvCall call) {
    float[] workspace = scratch.floats(scratchFloats());
    PartedRuns shared = partition.choice(count);
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
          products.run(image, from, pixels, panel, workspace, call);
          finish(image, from, pixels, panel, call);
        }
      }
      unit += until - first;
    }
  }

  private void sumInput(int image, int from, int count, float[] workspace, ConvCall call) {
    int lower = from + quarters.half;
    int base = call.inputImage(image);
    for (int b = 0; b < quarters.inBlocks; b++) {
      int second = quarters.inBlocks + b;
      QuarterSums.input(
          call.input(),
          base + quarters.place(b, from),
          base + quarters.place(second, from),
          base + quarters.place(b, lower),
          base + quarters.place(second, lower),
          workspace,
          quarters.inputSum(0, b),
          quarters.inBlocks * quarters.blockPixels * BLOCK,
          count);
    }
  }

  private void finish(int image, int from, int count, int panel, ConvCall call) {
    int lower = from + quarters.half;
    for (int b = 0; b < 2; b++) {
      int block = 2 * panel + b;
      int second = block + 2 * quarters.panels;
      call.finish(image, block, from, count);
      call.finish(image, block, lower, count);
      call.finish(image, second, from, count);
      call.finish(image, second, lower, count);
    }
  }

  @Override
  public double cost(int worker, int count) {
    return partition.cost(worker, count);
  }

  @Override
  public void warmUp(boolean residual) {
    StrassenWarmUp.run(quarters, partition.choice(workers).runs(), products, kernel.maxPixels());
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
