package dev.lanewise.bench.compare;

import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.nn.report.Machine;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a comparison found. Its components, by their names, are the JSON that other reports read.
 *
 * @param command the arguments that make the same comparison again
 * @param machine where it was made
 * @param threads threads that each library could use
 * @param peakGflops best multiply-add rate of those threads, probed between the runs
 * @param rows in the order of the list
 */
record Report(String command, Where machine, int threads, double peakGflops, List<ReportRow> rows) {

  /** The name under which Lanewise's own results stand. */
  static final String OURS = "lanewise";

  /**
   * The machine.
   *
   * @param cpu the processor's name
   * @param cores processors that the JVM may use
   * @param lanes floats in a vector that Lanewise uses, 1 for its scalar fallback
   * @param jvm the Java runtime and its version
   * @param os the operating system and its version
   */
  record Where(String cpu, int cores, int lanes, String jvm, String os) {
    static Where here() {
      return new Where(
          Machine.processor(), Machine.cores(), Lanes.LANES, Machine.jvm(), Machine.system());
    }
  }

  /**
   * One problem.
   *
   * @param name the row's name in the list
   * @param mflop millions of operations of the direct definition, two a multiply-add
   * @param results by the library's name; empty if the row failed
   * @param failure why there are no results; null if there are
   */
  record ReportRow(String name, double mflop, Map<String, Result> results, String failure) {

    /** GFLOP/s of one library. */
    double gflops(Result result) {
      return mflop / result.ms();
    }

    /** The best peer's time over ours: above 1, Lanewise is faster. Empty without a peer. */
    OptionalDouble ratio() {
      Result ours = results.get(OURS);
      return results.entrySet().stream()
          .filter(entry -> !entry.getKey().equals(OURS))
          .mapToDouble(entry -> entry.getValue().ms() / ours.ms())
          .min();
    }
  }

  /**
   * One library's best run.
   *
   * @param ms milliseconds
   * @param algorithm what Lanewise's plan chose; null for a peer
   */
  record Result(double ms, String algorithm) {}

  boolean failed() {
    return rows.stream().anyMatch(row -> row.failure() != null);
  }

  /** Geometric mean of the rows' ratios; empty without a peer. */
  OptionalDouble meanRatio() {
    double[] ratios =
        rows.stream().map(ReportRow::ratio).flatMapToDouble(OptionalDouble::stream).toArray();
    return ratios.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.exp(Arrays.stream(ratios).map(Math::log).average().orElse(0)));
  }
}
