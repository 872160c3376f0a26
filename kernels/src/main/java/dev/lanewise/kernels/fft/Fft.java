package dev.lanewise.kernels.fft;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.kernels.simd.WarmUp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The discrete Fourier transform of 16 channels at once, of a size that has no prime factors but 2
 * and 3: Stockham's self-sorting algorithm of radix 4, 2 and 3, decimation in frequency.
 *
 * <p>{@code X[k] = sum over j of x[j] exp(-2 pi i j k / size)}; the inverse has the other sign and
 * is not scaled. Roots of unity are computed in double. A transform is immutable, and allocates
 * nothing when it runs.
 */
public final class Fft {

  /** Floats of a complex element: 16 real parts, then 16 imaginary parts. */
  public static final int COMPLEX = 32;

  static final int IMAGINARY = 16;

  /** More than a unit of {@link #cost} takes once it is compiled, and far less than before. */
  private static final double NANOS_BEYOND_COMPILED = 2;

  /**
   * One pass over all elements.
   *
   * @param radix 2, 3 or 4
   * @param span neighbouring elements that share their twiddle factors: the product of the radices
   *     of the passes before
   * @param count groups of such elements: what is left of the size after this pass
   * @param twiddles {@code [count][radix - 1][re, im, -im]}
   */
  @SuppressWarnings("ArrayRecordComponent") // read by the innermost loops; never compared
  private record Pass(int radix, int span, int count, float[] twiddles) {

    /**
     * Estimated work of one butterfly of 16 lanes, in vector multiply-adds: loads and stores bound
     * it.
     */
    int butterflyCost() {
      return switch (radix) {
        case 4 -> count == 1 ? 36 : 42;
        case 3 -> 33;
        default -> 22;
      };
    }
  }

  /** Planning looks at many tiles of few sizes; larger transforms would be kept for little. */
  private static final int LARGEST_KEPT = 1 << 12;

  private static final Map<Integer, Fft> KEPT = new ConcurrentHashMap<>();

  private final int size;
  private final Pass[] passes;

  private Fft(int size) {
    this.size = size;
    List<Pass> list = new ArrayList<>();
    int span = 1;
    int left = size;
    while (left > 1) {
      // Radix 4 comes last: its last pass needs no twiddle factors.
      int radix = left % 3 == 0 ? 3 : Integer.numberOfTrailingZeros(left) % 2 == 1 ? 2 : 4;
      left /= radix;
      list.add(new Pass(radix, span, left, twiddles(radix, left)));
      span *= radix;
    }
    passes = list.toArray(Pass[]::new);
  }

  /**
   * The transform of a size.
   *
   * @throws IllegalArgumentException if the size is not {@link #supports supported}
   */
  public static Fft of(int size) {
    Check.that(supports(size), "a transform's size is 2^a 3^b, at most 2^20, not %d", size);
    return size <= LARGEST_KEPT ? KEPT.computeIfAbsent(size, Fft::new) : new Fft(size);
  }

  /** Whether a size is from 1 to 2^20 and has no prime factors but 2 and 3. */
  public static boolean supports(int size) {
    if (size < 1 || size > 1 << 20) {
      return false;
    }
    int rest = size >> Integer.numberOfTrailingZeros(size);
    while (rest % 3 == 0) {
      rest /= 3;
    }
    return rest == 1;
  }

  /** The least supported size that is no smaller. */
  public static int sizeFor(int least) {
    int size = Math.max(1, least);
    while (!supports(size)) {
      Check.that(size < 1 << 20, "no transform holds %d elements: the largest is 2^20", least);
      size++;
    }
    return size;
  }

  private static float[] twiddles(int radix, int count) {
    float[] table = new float[count * (radix - 1) * 3];
    int at = 0;
    for (int p = 0; p < count; p++) {
      for (int i = 1; i < radix; i++) {
        double angle = -2 * Math.PI * i * p / (count * radix);
        table[at++] = (float) Math.cos(angle);
        table[at++] = (float) Math.sin(angle);
        table[at++] = (float) -Math.sin(angle);
      }
    }
    return table;
  }

  /** Number of elements. */
  public int size() {
    return size;
  }

  /** Coefficients of a real signal that are not conjugates of others. */
  public int half() {
    return size / 2 + 1;
  }

  /** Floats of memory that {@link #run} works in. */
  public int workFloats() {
    return 2 * size * COMPLEX;
  }

  /** Estimated work of one transform of 16 channels, in vector multiply-adds of 16 lanes. */
  public double cost() {
    double cost = 20;
    for (Pass pass : passes) {
      cost += 12 + (double) size / pass.radix * pass.butterflyCost();
    }
    return cost;
  }

  /**
   * Transforms.
   *
   * @param inverse whether the exponent's sign is positive
   * @param src elements that lie {@code srcStride} floats apart, left as they are
   * @param dst where the coefficients go, {@code dstStride} floats apart; not {@code src}'s place
   * @param work memory of {@link #workFloats()} from {@code workBase}, apart from both
   */
  public void run(
      boolean inverse,
      float[] src,
      int srcBase,
      int srcStride,
      float[] dst,
      int dstBase,
      int dstStride,
      float[] work,
      int workBase) {
    // Swapping real and imaginary parts before and after turns the transform into its inverse.
    int re = inverse ? IMAGINARY : 0;
    int im = IMAGINARY - re;
    if (passes.length == 0) {
      System.arraycopy(src, srcBase, dst, dstBase, COMPLEX);
      return;
    }
    float[] x = src;
    int xBase = srcBase;
    int xStride = srcStride;
    for (int i = 0; i < passes.length; i++) {
      boolean last = i == passes.length - 1;
      float[] y = last ? dst : work;
      int yBase = last ? dstBase : workBase + (i & 1) * size * COMPLEX;
      int yStride = last ? dstStride : COMPLEX;
      if (Lanes.vectorised()) {
        vector(passes[i], re, im, x, xBase, xStride, y, yBase, yStride);
      } else {
        scalar(passes[i], re, im, x, xBase, xStride, y, yBase, yStride);
      }
      x = y;
      xBase = yBase;
      xStride = yStride;
    }
  }

  /** Transforms back and forth until that is compiled. */
  void warmUp() {
    if (!Lanes.vectorised() || size == 1) {
      return;
    }
    float[] src = new float[size * COMPLEX];
    float[] dst = new float[src.length];
    float[] work = new float[workFloats()];
    WarmUp.drive(
        () -> {
          run(false, src, 0, COMPLEX, dst, 0, COMPLEX, work, 0);
          run(true, dst, 0, COMPLEX, src, 0, COMPLEX, work, 0);
        },
        (long) (NANOS_BEYOND_COMPILED * 2 * cost() * IMAGINARY / Lanes.LANES));
  }

  private static void vector(
      Pass pass, int re, int im, float[] x, int xBase, int xs, float[] y, int yBase, int ys) {
    float[] w = pass.twiddles;
    int span = pass.span;
    int count = pass.count;
    switch (pass.radix) {
      case 2 -> VectorPasses.radix2(re, im, x, xBase, xs, y, yBase, ys, w, span, count);
      case 3 -> VectorPasses.radix3(re, im, x, xBase, xs, y, yBase, ys, w, span, count);
      default -> {
        if (count == 1) {
          VectorPasses.lastRadix4(re, im, x, xBase, xs, y, yBase, ys, w, span, count);
        } else {
          VectorPasses.radix4(re, im, x, xBase, xs, y, yBase, ys, w, span, count);
        }
      }
    }
  }

  private static void scalar(
      Pass pass, int re, int im, float[] x, int xBase, int xs, float[] y, int yBase, int ys) {
    float[] w = pass.twiddles;
    int span = pass.span;
    int count = pass.count;
    switch (pass.radix) {
      case 2 -> ScalarPasses.radix2(re, im, x, xBase, xs, y, yBase, ys, w, span, count);
      case 3 -> ScalarPasses.radix3(re, im, x, xBase, xs, y, yBase, ys, w, span, count);
      default -> {
        if (count == 1) {
          ScalarPasses.lastRadix4(re, im, x, xBase, xs, y, yBase, ys, w, span, count);
        } else {
          ScalarPasses.radix4(re, im, x, xBase, xs, y, yBase, ys, w, span, count);
        }
      }
    }
  }
}
