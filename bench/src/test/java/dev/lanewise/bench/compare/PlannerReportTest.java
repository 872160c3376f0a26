package dev.lanewise.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.compare.PlannerReport.Candidate;
import dev.lanewise.bench.compare.PlannerReport.Choice;
import dev.lanewise.bench.compare.Report.Where;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlannerReportTest {

  private static final Where HERE = new Where("some", 2, 16, "JDK", "system");

  /** The model ranks x first; its time is given, that of y is 1 ms. */
  private static Choice choice(String shape, double ms) {
    return Choice.of(shape, 6, List.of(new Candidate("x", 1000, ms), new Candidate("y", 4000, 1)));
  }

  @Test
  void thePickIsTheModelsFirstAndTheBestIsMeasured() {
    Choice choice = choice("a", 1.25);
    assertEquals("x", choice.picked());
    assertEquals("y", choice.best());
    assertEquals(0.25, choice.behind(), 1e-12);
    assertEquals(0, choice("a", 0.5).behind());
  }

  @Test
  void picksWithinTheBoundAreCounted() {
    Choice[] choices = {choice("a", 1.25), choice("b", 0.5), choice("c", 1.05)};
    PlannerReport report = PlannerReport.of("compare planner", HERE, 1, 0.1, List.of(choices));
    assertEquals(2, report.good());
    assertTrue(report.text(1).contains("2 of 3 picks (66.7 %) are within 10 %"), report.text(1));
  }

  @Test
  void theWorstAreListedFirstWithTimesAndCosts() {
    Choice[] choices = {choice("a", 1.25), choice("b", 3), choice("c", 1.05)};
    String text = PlannerReport.of("compare planner", HERE, 1, 0.1, List.of(choices)).text(2);
    assertTrue(text.contains("x 3.0000 (1000)  y 1.0000 (4000)"), text);
    assertTrue(text.indexOf("\nb ") < text.indexOf("\na "), text);
    assertFalse(text.contains("\nc "), text);
  }

  @Test
  void theUnitOfEachAlgorithmsCostIsShown() {
    String text =
        PlannerReport.of("compare planner", HERE, 1, 0.1, List.of(choice("a", 2))).text(0);
    String line = text.lines().filter(l -> l.startsWith("x ")).findFirst().orElseThrow();
    assertEquals(
        List.of("x", "1", "1", "0", "2000.000", "2000.000", "2000.000"), List.of(line.split(" +")));
  }

  @Test
  void anInterruptedCheckHasAReportToo() {
    assertTrue(
        PlannerReport.of("compare planner", HERE, 1, 0.1, List.of()).text(5).contains("0 of 0"));
  }
}
