package dev.lanewise.verify.kernel;

import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.PeakProbe;
import dev.lanewise.nn.report.Progress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Times all variants against the probed peak, interleaved, and keeps the best of each. */
public final class VariantRace {

  /** What a variant must reach of its expectation; the rest is noise of a shared machine. */
  public static final double TOLERANCE = 0.8;

  /**
   * A measured variant.
   *
   * @param tile pixels x vectors that one call holds in registers
   * @param channels output channels of a filter row
   * @param walk terms of a tap, and floats from one input pixel to the next
   * @param gflops best speed
   * @param fraction of the probed peak
   * @param expected fraction by the model of its tile
   */
  public record Result(
      String tile,
      int channels,
      BatchReduce.Walk walk,
      double gflops,
      double fraction,
      double expected) {
    /** Whether the variant reaches enough of what is expected. */
    public boolean passes() {
      return fraction >= TOLERANCE * expected;
    }
  }

  /** Until C2 has compiled a variant a burst is slow, so few of its calls make a long burst. */
  private static final int WARM_UP_BURSTS = 50;

  private static final Comparator<BatchReduce.Walk> WALKS =
      Comparator.comparingInt(BatchReduce.Walk::pixelStride)
          .thenComparingInt(BatchReduce.Walk::terms)
          .thenComparing(BatchReduce.Walk::dense, Comparator.reverseOrder())
          .thenComparing(BatchReduce.Walk::regular);

  static final double WARM_UP_GFLOPS = 20;

  /** Noise only ever slows: what is too slow gets this many times as many rounds. */
  private static final int PATIENCE = 8;

  private final List<Variant> variants = Variant.all();
  private final double[] best = new double[variants.size()];
  private double peak;

  /** Runs so many rounds, each with one burst of the probe and of every variant. */
  public void run(int rounds) {
    for (Variant variant : Progress.over("compiling", variants)) {
      for (int i = 0; i < WARM_UP_BURSTS; i++) {
        variant.burst(WARM_UP_GFLOPS);
      }
    }
    peak = PeakProbe.measure();
    List<Integer> all = IntStream.range(0, best.length).boxed().toList();
    for (int ignored : Progress.over("measuring", IntStream.range(0, rounds).boxed().toList())) {
      round(all);
    }
    for (int i = 0; i < PATIENCE * rounds && !slow().isEmpty(); i++) {
      round(slow());
    }
  }

  private void round(List<Integer> chosen) {
    peak = Math.max(peak, PeakProbe.burst());
    for (int i : chosen) {
      best[i] = Math.max(best[i], variants.get(i).burst(peak / 2));
    }
  }

  private List<Integer> slow() {
    return IntStream.range(0, best.length).filter(i -> !result(i).passes()).boxed().toList();
  }

  /** The probed peak of one core in GFLOP/s. */
  public double peak() {
    return peak;
  }

  /** The variants, by filter width, walk and pixels. */
  public List<Result> results() {
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < best.length; i++) {
      results.add(result(i));
    }
    results.sort(Comparator.comparingInt(Result::channels).thenComparing(Result::walk, WALKS));
    return results;
  }

  private Result result(int index) {
    Variant variant = variants.get(index);
    return new Result(
        variant.pixels + "x" + variant.vectors(),
        variant.channels(),
        variant.walk,
        best[index],
        best[index] / peak,
        Expectation.fraction(variant.pixels, variant.vectors()));
  }
}
