package dev.lanewise.verify.kernel;

import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.GroupReduce;
import dev.lanewise.kernels.simd.GroupTaps;

/**
 * Runs every generated variant until C2 has compiled it: the subject of the test that reads what
 * the compiler prints about inlining.
 */
public final class WarmVariants {

  private static final int BURSTS = 60;

  /** More than C2's 10,000 turns of a loop in all, and calls after them. */
  private static final int GROUP_CALLS = 300;

  private static final int GROUP_TAPS = 64;
  private static final int BLOCK = BatchReduce.BLOCK;

  private WarmVariants() {}

  /** Takes no arguments and prints nothing. */
  public static void main(String[] args) {
    for (Variant variant : Variant.all()) {
      for (int i = 0; i < BURSTS; i++) {
        variant.burst(VariantRace.WARM_UP_GFLOPS);
      }
    }
    for (int columns = 1; columns <= GroupTaps.MOST_COLUMNS; columns++) {
      for (int pixels = 1; pixels <= GroupReduce.get().maxPixels(); pixels++) {
        runGroups(columns, pixels);
      }
    }
  }

  private static void runGroups(int columns, int pixels) {
    int[] offsets = new int[GROUP_TAPS];
    GroupTaps taps = new GroupTaps(columns, offsets, offsets, offsets, new int[BLOCK]);
    float[] in = new float[(pixels + columns) * BLOCK];
    float[] filter = new float[columns * BLOCK];
    float[] out = new float[pixels * BLOCK];
    for (int i = 0; i < GROUP_CALLS; i++) {
      GroupReduce.get().strip(pixels, in, 0, taps, filter, 0, new float[BLOCK], 0, 0, out, 0);
    }
  }
}
