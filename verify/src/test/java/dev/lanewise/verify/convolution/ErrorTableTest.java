package dev.lanewise.verify.convolution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.verify.check.Findings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorTableTest {

  private static final long SEED = 5;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

  @Test
  void everyTransformKeepsItsPublishedBound() {
    Findings findings = new Findings(out);
    List<Algorithm> all = List.of(Algorithm.values());
    try (Crew crew = Crew.of(findings, SEED)) {
      new ErrorTable(crew, findings, SEED, List.of(16, 64)).run(all, out);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    assertEquals(0, findings.tally().failed(), text);
    all.stream()
        .filter(algorithm -> !algorithm.isSummation())
        .forEach(algorithm -> assertTrue(text.contains(algorithm.label()), algorithm.label()));
  }
}
