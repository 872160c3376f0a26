package dev.lanewise.kernels.simd;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Drives micro-kernels on a problem of one or two taps until C2 has compiled them.
 *
 * <p>A tile of 14 x 2 vectors takes 20 microseconds a call before that and 0.15 afterwards. C2
 * wants some thousand calls and a tenth of a second; more taps a call would only make the calls
 * longer.
 */
public final class WarmUp {

  /** C2 is asked after 5,000 calls of a method that C1 has compiled, or ... */
  private static final int ENOUGH_CALLS = 5_500;

  /** ... when calls and rounds of loops are 15,000; a tap has 16 rounds. */
  private static final int ENOUGH_CALLS_OF_LOOPS = 1_100;

  /** What was warmed up, or is being so: more callers would only keep the compiler from it. */
  private static final Set<Object> WARM = ConcurrentHashMap.newKeySet();

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
    WarmUps.add(
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
        compiledNanos(count * walk.terms() * pixels * blocks),
        ENOUGH_CALLS_OF_LOOPS);
  }

  /**
   * Calls a kernel until calls are fast, or for two seconds; or has it wait its turn where {@link
   * WarmUps} are being collected.
   *
   * @param compiledNanos more than a call takes once it is compiled, and far less than before
   */
  public static void drive(Runnable call, long compiledNanos) {
    WarmUps.add(call, compiledNanos, ENOUGH_CALLS);
  }

  /**
   * The same, but once only for all that calls the same code.
   *
   * @param code stands for it, by {@code equals}
   */
  public static void once(Object code, Runnable call, long compiledNanos) {
    if (WARM.add(code)) {
      drive(call, compiledNanos);
    }
  }

  /** More than a call takes once C2 has compiled it, and far less than it takes before. */
  private long compiledNanos(int products) {
    return 500 + 2L * products * BatchReduce.BLOCK / kernel.lanes();
  }
}
