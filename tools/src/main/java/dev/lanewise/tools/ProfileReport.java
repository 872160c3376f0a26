package dev.lanewise.tools;

import dev.lanewise.nn.report.Table;
import dev.lanewise.nn.session.Profile;
import dev.lanewise.nn.session.Profile.Step;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A profile and what it is to be held against.
 *
 * @param model the registry's name
 * @param shape of the input
 * @param threads that shared the work
 * @param profile best times of the steps
 * @param peakGflops best rate of multiply-adds of all threads, probed meanwhile
 * @param memoryGbs best rate of one thread's copies, probed meanwhile
 */
@SuppressWarnings("ArrayRecordComponent") // a shape, as everywhere; nobody compares reports
record ProfileReport(
    String model, int[] shape, int threads, Profile profile, double peakGflops, double memoryGbs) {

  /** What is measured and on what, in a line. */
  String title() {
    List<Integer> dims = Arrays.stream(shape).boxed().toList();
    return "%s on %s, %d %s"
        .formatted(model, dims(dims), threads, threads == 1 ? "thread" : "threads");
  }

  /** The best times of all steps together, which is what the figures of steps add up to. */
  long nanoseconds() {
    return profile.steps().stream().mapToLong(Step::nanoseconds).sum();
  }

  private long multiplyAdds() {
    return profile.steps().stream().mapToLong(Step::multiplyAdds).sum();
  }

  /** The table of steps and the lines below it. */
  String text() {
    Table table =
        new Table()
            .left("step", "algorithm", "output")
            .right("ms", "of time", "GFLOP/s", "of peak", "MB", "GB/s");
    for (Step step : profile.steps()) {
      boolean computes = step.multiplyAdds() > 0;
      table.row(
          step.name(),
          step.algorithm(),
          dims(step.output()),
          number("%.4f", 1e-6 * step.nanoseconds()),
          percent(share(step)),
          computes ? number("%.1f", step.gigaflops()) : null,
          computes ? number("%.3f", ofPeak(step)) : null,
          number("%.2f", 1e-6 * step.bytes()),
          number("%.1f", (double) step.bytes() / step.nanoseconds()));
    }
    return title() + "\n" + table + String.join("\n", summary()) + "\n";
  }

  /** What can be said of the whole, a line each. */
  List<String> summary() {
    double gflops = 2.0 * multiplyAdds() / profile.nanoseconds();
    List<Step> reorders = profile.steps().stream().filter(Step::reorders).toList();
    long reordering = reorders.stream().mapToLong(Step::nanoseconds).sum();
    return List.of(
        number("best run %.3f ms, ", 1e-6 * profile.nanoseconds())
            + number("the steps' best times together %.3f ms", 1e-6 * nanoseconds()),
        number("%.1f GFLOP/s, ", gflops)
            + number("%.3f of the probed peak of ", gflops / peakGflops)
            + number("%.1f GFLOP/s", peakGflops),
        "%d reorders, ".formatted(reorders.size())
            + number("%.4f ms, ", 1e-6 * reordering)
            + percent((double) reordering / nanoseconds())
            + " of the time");
  }

  /** A step's part of the time. */
  double share(Step step) {
    return (double) step.nanoseconds() / nanoseconds();
  }

  /** A step's fraction of the peak. */
  double ofPeak(Step step) {
    return step.gigaflops() / peakGflops;
  }

  static String percent(double part) {
    return number("%.1f %%", 100 * part);
  }

  static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  static String dims(List<Integer> dims) {
    return dims.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }
}
