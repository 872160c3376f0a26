package dev.lanewise.kernels.simd;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The kernel of narrow channel groups: for a strip of output pixels and one block of 16 output
 * channels, the sum over a list of taps of one input channel of each lane's group times a filter.
 *
 * <pre>
 * out[px][l] = init[px][l] + sum over taps t, sum over c &lt; columns of
 *              in[inBase + input[t] + (px + c) * 16 + lanes[t][l]]
 *            * filter[filterBase + filter[t] + c * 16 + l]
 * </pre>
 *
 * With four channels a group, the batch-reduce kernel would multiply every input channel with lanes
 * of three other groups. Each output element is a single chain of fused multiply-adds, the same on
 * every lane width.
 */
public abstract class GroupReduce {

  private static final int BLOCK = BatchReduce.BLOCK;

  /** Pixels of the widest strip on 16 lanes, whose costs are taken on every machine. */
  private static final int COST_PIXELS = 14;

  /** The call of a strip, in the unit of {@link #cost}. */
  private static final double STRIP = 70;

  /** Loading the starting value of a pixel and storing its sum. */
  private static final double PIXEL = 8;

  /** What loading and permuting a vector adds to the multiply-adds beside it. */
  private static final double LOAD = 2;

  private static final double MULTIPLY_ADD = 0.5;

  private final int lanes;
  private final int maxPixels;

  private final Set<Integer> warm = ConcurrentHashMap.newKeySet();

  GroupReduce(int lanes, int maxPixels) {
    this.lanes = lanes;
    this.maxPixels = maxPixels;
  }

  /** The implementation for this machine's lanes. */
  public static GroupReduce get() {
    return Holder.INSTANCE;
  }

  /** Floats of a vector register, or 1 for the scalar fallback. */
  public final int lanes() {
    return lanes;
  }

  /** Pixels of the widest strip. */
  public final int maxPixels() {
    return maxPixels;
  }

  /**
   * Computes one strip.
   *
   * @param pixels output pixels, 1 to {@link #maxPixels()}
   * @param in input, whose neighbouring pixels lie 16 floats apart
   * @param filter packed filter; {@code filterBase} is where the block's filter begins
   * @param init starting values; {@code initPixel} is 0 for a bias, 16 for the output so far
   * @param out output, whose pixels lie 16 floats apart
   * @throws IllegalArgumentException if there are too many pixels or none
   * @throws IndexOutOfBoundsException if an operand is too short
   */
  public final void strip(
      int pixels,
      float[] in,
      int inBase,
      GroupTaps taps,
      float[] filter,
      int filterBase,
      float[] init,
      int initBase,
      int initPixel,
      float[] out,
      int outBase) {
    int variant = variant(taps, pixels);
    for (int lane = 0; lane < BLOCK; lane += lanes) {
      run(
          variant,
          in,
          inBase,
          taps.input[lane / lanes],
          taps.filter,
          taps.filter.length,
          taps.lanes,
          taps.laneRow,
          lane,
          filter,
          filterBase + lane,
          init,
          initBase + lane,
          initPixel,
          out,
          outBase + lane);
    }
  }

  /**
   * Estimated work of neighbouring pixels, cut into even strips as on 16 lanes, in vector
   * multiply-adds of 16 lanes.
   */
  public static double cost(GroupTaps taps, int pixels) {
    int strips = Math.ceilDiv(pixels, COST_PIXELS);
    double loads = pixels + (double) strips * (taps.columns - 1);
    double perTap = LOAD * loads + MULTIPLY_ADD * pixels * taps.columns;
    return taps.count() * perTap + STRIP * strips + PIXEL * pixels;
  }

  private int variant(GroupTaps taps, int pixels) {
    if (pixels < 1 || pixels > maxPixels) {
      throw new IllegalArgumentException(
          "a strip has 1 to " + maxPixels + " pixels, not " + pixels);
    }
    return (taps.columns - 1) * maxPixels + pixels - 1;
  }

  /** Calls one variant until the compiler has done its best with it. */
  public final void warmUp(int columns, int pixels) {
    if (!Lanes.vectorised() || !warm.add(columns * BLOCK + pixels)) {
      return;
    }
    int[] offsets = new int[GroupTaps.TRIP];
    GroupTaps taps = new GroupTaps(columns, offsets, offsets, offsets, new int[BLOCK]);
    float[] in = new float[(pixels + columns) * BLOCK];
    float[] filter = new float[columns * BLOCK];
    float[] bias = new float[BLOCK];
    float[] out = new float[pixels * BLOCK];
    // More than a call takes once it is compiled, and far less than before.
    long compiledNanos = 500 + 8L * GroupTaps.TRIP * columns * pixels * BLOCK / lanes;
    WarmUp.drive(() -> strip(pixels, in, 0, taps, filter, 0, bias, 0, 0, out, 0), compiledNanos);
  }

  /** Runs one generated variant, which covers one register of output channels. */
  abstract void run(
      int variant,
      float[] in,
      int inBase,
      int[] inTaps,
      int[] filterTaps,
      int count,
      int[] laneTable,
      int[] laneTaps,
      int lane,
      float[] filter,
      int filterBase,
      float[] init,
      int initBase,
      int initPixel,
      float[] out,
      int outBase);

  /** Loads the class of one lane width only: the others may need a module that is not there. */
  private static final class Holder {
    static final GroupReduce INSTANCE =
        switch (Lanes.LANES) {
          case 16 -> new GroupReduce16();
          case 8 -> new GroupReduce8();
          case 4 -> new GroupReduce4();
          default -> new GroupReduceScalar();
        };
  }
}
