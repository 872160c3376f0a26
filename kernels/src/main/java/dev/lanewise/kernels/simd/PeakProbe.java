package dev.lanewise.kernels.simd;

import dev.lanewise.kernels.parallel.Workers;

/**
 * Probes how many floating-point operations a second this machine's multiply-add units can do.
 *
 * <p>Machines are shared and noisy: a kernel's figure is worth quoting only as a fraction of a peak
 * that was probed in the same run, interleaved with it, best of many.
 */
public final class PeakProbe {

  private static final int STEPS = 400_000;

  private PeakProbe() {}

  /** One burst of about two milliseconds on the calling thread, in GFLOP/s. Warm up first. */
  public static double burst() {
    long start = System.nanoTime();
    float sum = chains();
    long nanos = System.nanoTime() - start;
    return finite(sum) * STEPS * flopsPerStep() / nanos;
  }

  /** One burst on all workers at once, in GFLOP/s. */
  public static double burst(Workers workers) {
    long start = System.nanoTime();
    workers.run((worker, count, scratch) -> finite(chains()));
    return (double) STEPS * flopsPerStep() * workers.size() / (System.nanoTime() - start);
  }

  /** Best of several bursts on the calling thread after a warm-up, in GFLOP/s; about 0.1 s. */
  public static double measure() {
    double best = 0;
    for (int i = 0; i < 40; i++) {
      best = Math.max(best, burst());
    }
    return best;
  }

  private static float chains() {
    return Lanes.vectorised() ? VectorChains.run(STEPS) : ScalarChains.run(STEPS);
  }

  private static double flopsPerStep() {
    return Lanes.vectorised() ? VectorChains.FLOPS : ScalarChains.FLOPS;
  }

  /** 1 for a finite sum: uses the result, so that the compiler cannot drop the work. */
  private static int finite(float sum) {
    if (!Float.isFinite(sum)) {
      throw new ArithmeticException("the probe's sum must be finite, is " + sum);
    }
    return 1;
  }
}
