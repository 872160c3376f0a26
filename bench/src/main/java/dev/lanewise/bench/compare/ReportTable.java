package dev.lanewise.bench.compare;

import dev.lanewise.bench.compare.Report.ReportRow;
import dev.lanewise.bench.compare.Report.Result;
import dev.lanewise.nn.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Shows a report as a table for people. */
final class ReportTable {

  /** With more libraries, the rates are left out: the fractions of the peak tell the same. */
  private static final int MOST_WITH_RATES = 3;

  private final Report report;
  private final boolean rates;
  private final boolean targets;

  private ReportTable(Report report) {
    this.report = report;
    rates = report.libraries().size() <= MOST_WITH_RATES;
    targets =
        report.rows().stream()
            .anyMatch(row -> row.verdict() != null && row.verdict().target() != null);
  }

  /**
   * The machine, a row a problem with each library's time, rate and fraction of the peak, and below
   * it who is missing, what failed and the mean.
   */
  static String text(Report report) {
    return new ReportTable(report).text();
  }

  private String text() {
    StringBuilder text = new StringBuilder(heading()).append('\n').append(table());
    remarks(report).forEach(remark -> line(text, remark));
    Verdict mean = report.mean();
    if (mean != null) {
      line(
          text,
          number("%.3f", mean.ratio())
              + " is the geometric mean of the ratios: the best peer's time over Lanewise's,"
              + " above 1 where Lanewise is faster");
      if (mean.target() != null) {
        line(text, number("%.2f", mean.target()) + " is its target, met: " + met(mean));
      }
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }

  private String heading() {
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

  private Table table() {
    Table table = new Table().left("row").right("MFLOP").left("algorithm");
    for (String name : report.libraries()) {
      table.right(name + " ms");
      if (rates) {
        table.right("GFLOP/s");
      }
      table.right("of peak");
    }
    if (report.libraries().size() > 1) {
      table.right("ratio");
    }
    if (targets) {
      table.right("target").left("met");
    }
    report.rows().forEach(row -> table.row(cells(row)));
    return table;
  }

  private Object[] cells(ReportRow row) {
    List<Object> cells = new ArrayList<>();
    cells.add(row.name());
    cells.add(number("%.1f", row.mflop()));
    Result ours = row.results().get(Report.OURS);
    cells.add(ours == null ? "FAILED" : ours.algorithm());
    for (String name : report.libraries()) {
      Result result = row.results().get(name);
      cells.add(result == null ? null : number("%.4f", result.ms()));
      if (rates) {
        cells.add(result == null ? null : number("%.1f", row.gflops(result)));
      }
      cells.add(result == null ? null : number("%.3f", row.gflops(result) / report.peakGflops()));
    }
    Verdict verdict = row.verdict();
    if (report.libraries().size() > 1) {
      cells.add(verdict == null ? null : number("%.3f", verdict.ratio()));
    }
    if (targets) {
      boolean set = verdict != null && verdict.target() != null;
      cells.add(set ? number("%.2f", verdict.target()) : null);
      cells.add(set ? met(verdict) : null);
    }
    return cells.toArray();
  }

  /** Who is missing, where, and why; which rows failed. */
  static List<String> remarks(Report report) {
    List<String> remarks = new ArrayList<>();
    report.absent().forEach((name, why) -> remarks.add(name + " is left out: " + why));
    Map<String, List<String>> rows = new LinkedHashMap<>();
    for (ReportRow row : report.rows()) {
      row.notes()
          .forEach(
              (name, why) ->
                  rows.computeIfAbsent(name + " left out (" + why + ")", _ -> new ArrayList<>())
                      .add(row.name()));
    }
    rows.forEach((note, names) -> remarks.add(note + ": " + String.join(", ", names)));
    report.rows().stream()
        .filter(row -> row.failure() != null)
        .forEach(row -> remarks.add("FAILED " + row.name() + ": " + row.failure()));
    return remarks;
  }

  /** Whether a target is met, in a word. */
  static String met(Verdict verdict) {
    return verdict.met() ? "yes" : "NO";
  }

  static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
