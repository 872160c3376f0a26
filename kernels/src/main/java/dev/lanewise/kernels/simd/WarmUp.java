package dev.lanewise.kernels.simd;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Drives micro-kernels on a problem of one or two taps until C2 has compiled them.
 *
 * <p>A tile of 14 x 2 vectors takes 20 microseconds a call before that and 0.15 afterwards. C2
 * wants some thousand calls and a tenth of a second; more taps a call would only make the calls
 * longer.
 */
public final class WarmUp {

  private static final int BATCH = 10;

  /** Calls after which the compiler has been asked, so that waiting may leave it the processor. */
  private static final int ENOUGH_CALLS = 3_000;

  private static final long PAUSE_NANOS = 200_000;

  /** A machine too busy to compile in this time gains nothing from waiting longer. */
  private static final long DEADLINE_NANOS = 2_000_000_000;

  private final BatchReduce kernel;
  private final Set<Integer> warm = ConcurrentHashMap.newKeySet();

  WarmUp(BatchReduce kernel) {
    this.kernel = kernel;
  }

  void run(int variant, BatchReduce.Walk walk, int blocks, int pixels) {
    if (kernel.lanes() == 1 || !warm.add(variant)) {
      return;
    }
    int channels = blocks * BatchReduce.BLOCK;
    // One tap is regular; two at the same place of the filter need a table.
    int count = walk.regular() ? 1 : 2;
    Taps taps = new Taps(new int[count], new int[count], walk.terms());
    float[] in = new float[pixels * walk.pixelStride() + walk.terms()];
    float[] filter = new float[walk.terms() * channels];
    int outPixel = walk.dense() ? BatchReduce.BLOCK : 2 * BatchReduce.BLOCK;
    float[] out = new float[blocks * pixels * outPixel];
    float[] bias = new float[channels];
    drive(
        () ->
            kernel.pixels(
                walk.pixelStride(),
                blocks,
                pixels,
                in,
                0,
                taps,
                filter,
                0,
                bias,
                0,
                0,
                BatchReduce.BLOCK,
                out,
                0,
                outPixel,
                pixels * outPixel),
        compiledNanos(count * walk.terms() * pixels * blocks));
  }

  /**
   * Calls a kernel until a call is fast, or for two seconds.
   *
   * @param compiledNanos more than a call takes once it is compiled, and far less than before
   */
  public static void drive(Runnable call, long compiledNanos) {
    long start = System.nanoTime();
    for (int calls = 0; System.nanoTime() - start < DEADLINE_NANOS; calls += BATCH) {
      long before = System.nanoTime();
      for (int i = 0; i < BATCH; i++) {
        call.run();
      }
      if (System.nanoTime() - before < BATCH * compiledNanos) {
        return;
      }
      if (calls > ENOUGH_CALLS) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /** More than a call takes once C2 has compiled it, and far less than it takes before. */
  private long compiledNanos(int products) {
    return 500 + 2L * products * BatchReduce.BLOCK / kernel.lanes();
  }
}
