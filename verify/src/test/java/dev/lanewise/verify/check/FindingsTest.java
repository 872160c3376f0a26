package dev.lanewise.verify.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.verify.Tally;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FindingsTest {

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Findings findings =
      new Findings(new PrintStream(printed, true, StandardCharsets.UTF_8));

  @Test
  void aFaultIsPrintedWithItsSubject() {
    findings.check("sums", "case 3", () -> Optional.of("4 instead of 5"));
    findings.check("sums", "case 4", Optional::empty);
    assertEquals(new Tally(1, 1, 0), findings.tally());
    assertEquals(1, findings.tally().exitStatus());
    assertEquals("FAILED sums: case 3: 4 instead of 5\n", printed.toString(StandardCharsets.UTF_8));
  }

  @Test
  void anExceptionIsAFailure() {
    findings.check(
        "sums",
        "case 3",
        () -> {
          throw new ArithmeticException("overflow");
        });
    assertEquals(new Tally(0, 1, 0), findings.tally());
    assertTrue(printed.toString(StandardCharsets.UTF_8).contains("overflow"));
  }

  @Test
  void whatOthersCollectedIsPrintedAndCountedOnceAdded() {
    Findings part = Findings.collected();
    part.check("sums", "case 3", () -> Optional.of("4 instead of 5"));
    part.check("products", "case 4", Optional::empty);
    findings.add(part);
    assertEquals(new Tally(1, 1, 0), findings.tally());
    assertEquals("FAILED sums: case 3: 4 instead of 5\n", printed.toString(StandardCharsets.UTF_8));
  }

  @Test
  void comparisonFindsTheFirstDifference() {
    double[] expected = {1, 2, 3};
    assertEquals(Optional.empty(), Mismatch.exact(expected, new float[] {1, 2, 3}));
    assertEquals(1, Mismatch.exact(expected, new float[] {1, 2.5f, 4}).orElseThrow().index());
    assertEquals(
        2, Mismatch.within(expected, new float[] {1, 2.5f, 4}, i -> 0.5).orElseThrow().index());
    assertEquals(
        0, Mismatch.within(expected, new float[] {Float.NaN, 2, 3}, i -> 9).orElseThrow().index());
  }

  @Test
  void bitsTellZerosApart() {
    assertEquals(0, Mismatch.sameBits(new float[] {0f}, new float[] {-0f}).orElseThrow().index());
    assertEquals(Optional.empty(), Mismatch.exact(new double[] {0}, new float[] {-0f}));
  }
}
