package dev.lanewise.verify.kernel;

import dev.lanewise.kernels.simd.PeakProbe;
import dev.lanewise.nn.report.Progress;
import java.util.List;
import java.util.stream.IntStream;

/** Times all micro-kernels against the probed peak, interleaved, and keeps the best of each. */
public final class KernelRace {

  /** What a micro-kernel must reach of its expectation; the rest is noise of a shared machine. */
  public static final double TOLERANCE = 0.8;

  /**
   * A measured micro-kernel.
   *
   * @param gflops best speed
   * @param fraction of the probed peak
   */
  public record Result(MicroKernel kernel, double gflops, double fraction) {

    /** Fraction of the peak that it has to reach. */
    public double needed() {
      return TOLERANCE * kernel.expected();
    }

    /** Whether it reaches that. */
    public boolean passes() {
      return fraction >= needed();
    }
  }

  /** Until C2 has compiled a method a burst is slow, so few of its calls make a long burst. */
  private static final int WARM_UP_BURSTS = 50;

  private static final double WARM_UP_GFLOPS = 20;

  /** Noise only ever slows: what is too slow gets this many times as many rounds. */
  private static final int PATIENCE = 8;

  private final List<MicroKernel> kernels = MicroKernel.all();
  private final double[] best = new double[kernels.size()];
  private double peak;

  /** Runs so many rounds, each with one burst of the probe and of every kernel. */
  public void run(int rounds) {
    for (MicroKernel kernel : Progress.over("compiling", kernels)) {
      for (int i = 0; i < WARM_UP_BURSTS; i++) {
        kernel.burst(WARM_UP_GFLOPS);
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
      best[i] = Math.max(best[i], kernels.get(i).burst(peak / 2));
    }
  }

  private List<Integer> slow() {
    return IntStream.range(0, best.length).filter(i -> !result(i).passes()).boxed().toList();
  }

  /** The probed peak of one core in GFLOP/s. */
  public double peak() {
    return peak;
  }

  /** The micro-kernels, family by family. */
  public List<Result> results() {
    return IntStream.range(0, best.length).mapToObj(this::result).toList();
  }

  private Result result(int index) {
    return new Result(kernels.get(index), best[index], best[index] / peak);
  }
}
