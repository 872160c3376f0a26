package dev.lanewise.bench.compare;

import dev.lanewise.bench.compare.Report.ReportRow;
import dev.lanewise.bench.compare.Report.Result;
import dev.lanewise.nn.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Shows a report as a table for people. */
final class ReportTable {

  private ReportTable() {}

  /**
   * The machine, a row a problem with each library's time, rate and fraction of the peak, and below
   * it what failed and the mean.
   *
   * @param names the libraries in the order of their columns
   */
  static String text(Report report, List<String> names) {
    boolean race = names.size() > 1;
    Table table = new Table().left("row").right("MFLOP").left("algorithm");
    for (String name : names) {
      table.right(name + " ms", "GFLOP/s", "of peak");
    }
    if (race) {
      table.right("ratio");
    }
    report.rows().forEach(row -> table.row(cells(row, names, report.peakGflops(), race)));
    StringBuilder text = new StringBuilder(heading(report)).append('\n').append(table);
    for (ReportRow row : report.rows()) {
      if (row.failure() != null) {
        text.append("FAILED ").append(row.name()).append(": ").append(row.failure()).append('\n');
      }
    }
    report
        .meanRatio()
        .ifPresent(
            mean ->
                text.append(number("%.3f", mean))
                    .append(" is the geometric mean of the ratios: the better peer's time over")
                    .append(" Lanewise's, above 1 where Lanewise is faster\n"));
    return text.toString();
  }

  private static String heading(Report report) {
    Report.Where machine = report.machine();
    return "%s, %d cores, %d lanes, %s, %s\nthreads: %d, peak: %s GFLOP/s, best run of each\n"
        .formatted(
            machine.cpu(),
            machine.cores(),
            machine.lanes(),
            machine.jvm(),
            machine.os(),
            report.threads(),
            number("%.1f", report.peakGflops()));
  }

  private static Object[] cells(ReportRow row, List<String> names, double peak, boolean race) {
    List<Object> cells = new ArrayList<>();
    cells.add(row.name());
    cells.add(number("%.1f", row.mflop()));
    Result ours = row.results().get(Report.OURS);
    cells.add(ours == null ? "FAILED" : ours.algorithm());
    for (String name : names) {
      Result result = row.results().get(name);
      cells.add(result == null ? null : number("%.4f", result.ms()));
      cells.add(result == null ? null : number("%.1f", row.gflops(result)));
      cells.add(result == null ? null : number("%.3f", row.gflops(result) / peak));
    }
    if (race) {
      OptionalDouble ratio = row.ratio();
      cells.add(ratio.isPresent() ? number("%.3f", ratio.getAsDouble()) : null);
    }
    return cells.toArray();
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
