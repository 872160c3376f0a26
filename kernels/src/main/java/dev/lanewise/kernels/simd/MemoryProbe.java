package dev.lanewise.kernels.simd;

/**
 * Probes how fast one thread copies arrays that no cache holds: the slope of a roofline. Bytes read
 * and bytes written count once each.
 */
public final class MemoryProbe {

  /** Floats of each array: 64 MiB, twice the largest cache of today's cores. */
  private static final int FLOATS = 1 << 24;

  private final float[] from = new float[FLOATS];
  private final float[] to = new float[FLOATS];
  private double best;

  /** A probe with two arrays of its own. */
  public MemoryProbe() {}

  /** Copies once, in about 20 milliseconds, and returns the best rate so far in GB/s. */
  public double burst() {
    long start = System.nanoTime();
    System.arraycopy(from, 0, to, 0, FLOATS);
    best = Math.max(best, 2.0 * Float.BYTES * FLOATS / (System.nanoTime() - start));
    return best;
  }
}
