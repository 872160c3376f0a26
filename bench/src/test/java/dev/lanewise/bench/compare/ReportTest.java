package dev.lanewise.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import dev.lanewise.bench.compare.Report.ReportRow;
import dev.lanewise.bench.compare.Report.Result;
import dev.lanewise.bench.compare.Report.Where;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

  private static final List<String> NAMES = List.of("lanewise", "first", "second");

  @TempDir private Path folder;

  @Test
  void theRatioIsAgainstTheBetterPeer() {
    assertEquals(1.5, row("a", 2, 4, 3).ratio().orElseThrow(), 1e-12);
  }

  @Test
  void theMeanIsGeometricAndLeavesFailedRowsOut() {
    Report report =
        report(row("a", 1, 4, 5), row("b", 1, 1, 2), new ReportRow("c", 1, Map.of(), "differs"));
    assertEquals(2, report.meanRatio().orElseThrow(), 1e-12);
    assertTrue(report.failed());
    assertFalse(report(row("a", 1, 1, 1)).failed());
  }

  @Test
  void theJsonIsTheContract() throws IOException {
    Path file = folder.resolve("report.json");
    ReportFile.write(report(row("3x3 1>2@5", 2, 4, 3)), file);
    assertEquals(
        JsonParser.parseString(
            """
            {"command": "compare layers",
             "machine": {"cpu": "some", "cores": 2, "lanes": 16, "jvm": "JDK", "os": "system"},
             "threads": 1, "peakGflops": 10.0,
             "rows": [{"name": "3x3 1>2@5", "mflop": 6.0, "results": {
                "lanewise": {"ms": 2.0, "algorithm": "direct"},
                "first": {"ms": 4.0}, "second": {"ms": 3.0}}}]}
            """),
        JsonParser.parseString(Files.readString(file)));
  }

  @Test
  void writingLeavesOneFileEvenOverAnOldOne() throws IOException {
    Path file = Files.writeString(folder.resolve("report.json"), "old");
    ReportFile.write(report(), file);
    assertTrue(Files.readString(file).contains("peakGflops"));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void theTableShowsRatesFractionsAndFailures() {
    Report report = report(row("a", 2, 4, 3), new ReportRow("b", 1, Map.of(), "differs"));
    String text = ReportTable.text(report, NAMES);
    List<String> words =
        List.of(text.lines().filter(l -> l.startsWith("a ")).findFirst().orElseThrow().split(" +"));
    assertEquals(
        List.of(
            "a", "6.0", "direct", "2.0000", "3.0", "0.300", "4.0000", "1.5", "0.150", "3.0000",
            "2.0", "0.200", "1.500"),
        words);
    assertTrue(text.contains("FAILED b: differs"), text);
    assertTrue(text.contains("1.500 is the geometric mean"), text);
  }

  private static ReportRow row(String name, double ours, double first, double second) {
    Map<String, Result> results = new LinkedHashMap<>();
    results.put("lanewise", new Result(ours, "direct"));
    results.put("first", new Result(first, null));
    results.put("second", new Result(second, null));
    return new ReportRow(name, 6, results, null);
  }

  private static Report report(ReportRow... rows) {
    return new Report(
        "compare layers", new Where("some", 2, 16, "JDK", "system"), 1, 10, List.of(rows));
  }
}
