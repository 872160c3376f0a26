package dev.lanewise.bench.compare;

import dev.lanewise.bench.compare.Report.ReportRow;
import dev.lanewise.bench.compare.Report.Result;
import dev.lanewise.bench.compare.Report.Where;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reports that nobody had to measure for. */
final class Reports {

  private Reports() {}

  static ReportRow row(String name, double ours, double first, double second, Double target) {
    Map<String, Result> results = new LinkedHashMap<>();
    results.put("lanewise", new Result(ours, "direct"));
    results.put("first", new Result(first, "jit"));
    results.put("second", new Result(second, "gemm"));
    return ReportRow.of(name, 6, 0.5, results, Map.of(), target);
  }

  static Report report(ReportRow... rows) {
    return new Report(
        "compare layers",
        new Where("some", 2, 16, "JDK", "system"),
        1,
        10,
        5,
        List.of("lanewise", "first", "second"),
        Map.of("third", "not there"),
        List.of(rows),
        Report.mean(List.of(rows), null));
  }
}
