package dev.lanewise.kernels.strassen;

import dev.lanewise.kernels.parallel.Runs;
import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.kernels.simd.WarmUp;

/** Calls what runs of workers will call until it is compiled. */
final class StrassenWarmUp {

  private static final int BLOCK = Quarters.BLOCK;

  /** Pixels whose sums are called. */
  private static final int PIXELS = 16;

  /** More than {@link #PIXELS} pixels take once compiled, and far less than before. */
  private static final long COMPILED_NANOS = 2_000;

  private final Quarters quarters;
  private final int maxPixels;

  /** Which widths of strips there are. */
  private final boolean[] widths;

  private StrassenWarmUp(Quarters quarters, int maxPixels) {
    this.quarters = quarters;
    this.maxPixels = maxPixels;
    widths = new boolean[maxPixels + 1];
  }

  /**
   * Warms up sums and products.
   *
   * @param maxPixels pixels of the widest strip
   */
  static void run(Quarters quarters, Runs runs, Products products, int maxPixels) {
    if (!Lanes.vectorised()) {
      return;
    }
    StrassenWarmUp warmUp = new StrassenWarmUp(quarters, maxPixels);
    for (int worker = 0; worker < runs.workers(); worker++) {
      warmUp.collectWidths(runs.start(worker), runs.start(worker + 1));
    }
    for (int width = 1; width < warmUp.widths.length; width++) {
      if (warmUp.widths[width]) {
        products.warmUp(width);
      }
    }
    driveSums();
  }

  /** Marks the widths of the strips of a run of units. */
  private void collectWidths(long start, long end) {
    for (long unit = start; unit < end; ) {
      int count = (int) Math.min(quarters.half - unit % quarters.half, end - unit);
      collectWidths(Math.min(count, quarters.blockPixels));
      collectWidths((count - 1) % quarters.blockPixels + 1);
      unit += count;
    }
  }

  private void collectWidths(int pixels) {
    int strips = Math.ceilDiv(pixels, maxPixels);
    widths[pixels / strips] = true;
    widths[Math.ceilDiv(pixels, strips)] = true;
  }

  private static void driveSums() {
    int apart = PIXELS * BLOCK;
    float[] quarter = new float[4 * apart];
    float[] sums = new float[4 * apart];
    WarmUp.drive(
        () -> {
          QuarterSums.input(quarter, 0, apart, 2 * apart, 3 * apart, sums, 0, apart, PIXELS);
          QuarterSums.output(sums, 0, apart, 2 * apart, quarter, 0, PIXELS);
        },
        COMPILED_NANOS);
  }
}
