package dev.lanewise.bench.compare;

import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.nn.report.Machine;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a comparison found. Its components, by their names, are the JSON that other reports read.
 *
 * @param command the arguments that make the same comparison again
 * @param machine where it was made
 * @param threads threads that each library could use
 * @param peakGflops best multiply-add rate of those threads, probed between the runs
 * @param memoryGbs best rate at which one thread copied memory, GB/s, probed between the runs
 * @param libraries the names of those that took part, Lanewise first
 * @param absent why others that were asked for did not, by name
 * @param rows in the order of the list
 * @param mean of the rows' ratios, geometric; null without a peer
 */
record Report(
    String command,
    Where machine,
    int threads,
    double peakGflops,
    double memoryGbs,
    List<String> libraries,
    Map<String, String> absent,
    List<ReportRow> rows,
    Verdict mean) {

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
   * @param megabytes millions of bytes that operands and result take
   * @param results by the library's name; empty if the row failed
   * @param notes why a library has no result, by its name
   * @param verdict null without a peer's result
   * @param failure why there are no results; null if there are
   */
  record ReportRow(
      String name,
      double mflop,
      double megabytes,
      Map<String, Result> results,
      Map<String, String> notes,
      Verdict verdict,
      String failure) {

    /** A row that is judged against its target, which may be null. */
    static ReportRow of(
        String name,
        double mflop,
        double megabytes,
        Map<String, Result> results,
        Map<String, String> notes,
        Double target) {
      double ours = results.get(OURS).ms();
      Verdict verdict =
          results.entrySet().stream()
              .filter(entry -> !entry.getKey().equals(OURS))
              .map(entry -> entry.getValue().ms() / ours)
              .min(Double::compare)
              .map(ratio -> Verdict.of(ratio, target))
              .orElse(null);
      return new ReportRow(name, mflop, megabytes, results, notes, verdict, null);
    }

    /** A row without results. */
    static ReportRow failed(
        String name, double mflop, double megabytes, Map<String, String> notes, String failure) {
      return new ReportRow(name, mflop, megabytes, Map.of(), notes, null, failure);
    }

    /** GFLOP/s of one library. */
    double gflops(Result result) {
      return mflop / result.ms();
    }
  }

  /**
   * One library's best run.
   *
   * @param ms milliseconds
   * @param algorithm what the library chose to do
   */
  record Result(double ms, String algorithm) {}

  boolean failed() {
    return rows.stream().anyMatch(row -> row.failure() != null);
  }

  /** Geometric mean of the rows' ratios, judged against a target if there is one; null without. */
  static Verdict mean(List<ReportRow> rows, Double target) {
    List<Verdict> verdicts =
        rows.stream().map(ReportRow::verdict).filter(Objects::nonNull).toList();
    return verdicts.isEmpty()
        ? null
        : Verdict.of(
            Math.exp(
                verdicts.stream().mapToDouble(v -> Math.log(v.ratio())).average().orElseThrow()),
            target);
  }
}
