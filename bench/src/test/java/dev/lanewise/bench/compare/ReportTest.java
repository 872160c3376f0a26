package dev.lanewise.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import dev.lanewise.bench.compare.Report.ReportRow;
import dev.lanewise.bench.compare.Report.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

  @TempDir private Path folder;

  @Test
  void theRatioIsAgainstTheBestPeer() {
    assertEquals(1.5, Reports.row("a", 2, 4, 3, null).verdict().ratio(), 1e-12);
  }

  @Test
  void aTargetIsMetWhereItIsReached() {
    assertTrue(Reports.row("a", 2, 4, 3, 1.5).verdict().met());
    assertFalse(Reports.row("a", 2, 4, 3, 1.51).verdict().met());
    assertNull(Reports.row("a", 2, 4, 3, null).verdict().met());
  }

  @Test
  void withoutAPeerThereIsNoVerdict() {
    Map<String, Result> alone = Map.of("lanewise", new Result(2, "direct"));
    assertNull(ReportRow.of("a", 6, 1, alone, Map.of("first", "broken"), 1.0).verdict());
  }

  @Test
  void theMeanIsGeometricAndLeavesFailedRowsOut() {
    Report report =
        Reports.report(
            Reports.row("a", 1, 4, 5, null),
            Reports.row("b", 1, 1, 2, null),
            ReportRow.failed("c", 1, 1, Map.of(), "differs"));
    assertEquals(2, report.mean().ratio(), 1e-12);
    assertTrue(report.failed());
    assertFalse(Reports.report(Reports.row("a", 1, 1, 1, null)).failed());
  }

  @Test
  void theJsonIsTheContract() throws IOException {
    Path file = folder.resolve("report.json");
    ReportFile.json(Reports.report(Reports.row("3x3 1>2@5", 2, 4, 3, 1.25)), file);
    assertEquals(
        JsonParser.parseString(
            """
            {"command": "compare layers",
             "machine": {"cpu": "some", "cores": 2, "lanes": 16, "jvm": "JDK", "os": "system"},
             "threads": 1, "peakGflops": 10.0, "memoryGbs": 5.0,
             "libraries": ["lanewise", "first", "second"], "absent": {"third": "not there"},
             "rows": [{"name": "3x3 1>2@5", "mflop": 6.0, "megabytes": 0.5, "results": {
                "lanewise": {"ms": 2.0, "algorithm": "direct"},
                "first": {"ms": 4.0, "algorithm": "jit"},
                "second": {"ms": 3.0, "algorithm": "gemm"}}, "notes": {},
                "verdict": {"ratio": 1.5, "target": 1.25, "met": true}}],
             "mean": {"ratio": 1.5}}
            """),
        JsonParser.parseString(Files.readString(file)));
  }

  @Test
  void writingLeavesOneFileEvenOverAnOldOne() throws IOException {
    Path file = Files.writeString(folder.resolve("report.json"), "old");
    ReportFile.json(Reports.report(), file);
    assertTrue(Files.readString(file).contains("peakGflops"));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void theTableShowsRatesFractionsTargetsAndFailures() {
    Report report =
        Reports.report(
            Reports.row("a", 2, 4, 3, 1.2), ReportRow.failed("b", 1, 1, Map.of(), "differs"));
    String text = ReportTable.text(report);
    assertEquals(
        List.of(
            "a", "6.0", "direct", "2.0000", "3.0", "0.300", "4.0000", "1.5", "0.150", "3.0000",
            "2.0", "0.200", "1.500", "1.20", "yes"),
        words(text, "a "));
    assertTrue(text.contains("FAILED b: differs"), text);
    assertTrue(text.contains("1.500 is the geometric mean"), text);
    assertTrue(text.contains("third is left out: not there"), text);
  }

  @Test
  void theTableGathersTheRowsOfOneNote() {
    Map<String, String> notes = Map.of("first", "no groups");
    Map<String, Result> alone = Map.of("lanewise", new Result(2, "direct"));
    Report report =
        Reports.report(
            ReportRow.of("a", 6, 1, alone, notes, null),
            ReportRow.of("b", 6, 1, alone, notes, null));
    String text = ReportTable.text(report);
    assertTrue(text.contains("first left out (no groups): a, b"), text);
    assertFalse(text.contains("target"), text);
  }

  private static List<String> words(String text, String start) {
    return List.of(
        text.lines().filter(l -> l.startsWith(start)).findFirst().orElseThrow().split(" +"));
  }
}
