package dev.lanewise.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.compare.Report.ReportRow;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReportPageTest {

  private static final String PAGE =
      ReportPage.of(
          Reports.report(
              Reports.row("3x3 1>2@5", 2, 4, 3, 1.25),
              Reports.row("1x1", 4, 3, 3, 1.0),
              ReportRow.failed("5x5", 1, 1, Map.of("first", "no groups & more"), "differs")));

  @Test
  void thePageNeedsNoOtherFile() {
    assertFalse(Pattern.compile("https?:|src=|<script|<link|@import").matcher(PAGE).find());
  }

  @Test
  void everyPlaceIsFilledIn() {
    assertFalse(PAGE.contains("{{"), PAGE);
    assertTrue(PAGE.contains("tools/lanewise compare layers"));
    assertTrue(PAGE.contains("first left out (no groups &amp; more): 5x5"));
    assertTrue(PAGE.contains("FAILED 5x5: differs"));
  }

  @Test
  void textIsWrittenSoThatHtmlShowsIt() {
    assertTrue(PAGE.contains("3x3 1&gt;2@5"));
    assertFalse(PAGE.contains("1>2@5"));
  }

  @Test
  void aBarStandsForEachResult() {
    assertEquals(6, PAGE.split("<rect ", -1).length - 1);
    // Ours at 3 GFLOP/s, the first peer at half of it.
    assertEquals(2.0, width("3x3 1&gt;2@5, lanewise") / width("3x3 1&gt;2@5, first"), 0.01);
  }

  @Test
  void theColourTellsWhetherTheTargetIsReached() {
    assertTrue(PAGE.contains("class=\"good\">1.500"), PAGE);
    assertTrue(PAGE.contains("class=\"bad\">0.750"), PAGE);
  }

  @Test
  void aReportWithoutRowsIsAPageToo() {
    assertTrue(ReportPage.of(Reports.report()).contains("0 rows"));
  }

  private static double width(String hint) {
    var bar =
        Pattern.compile("width=\"([\\d.]+)\"[^>]*><title>" + Pattern.quote(hint)).matcher(PAGE);
    assertTrue(bar.find(), hint);
    return Double.parseDouble(bar.group(1));
  }
}
