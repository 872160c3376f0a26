package dev.lanewise.verify.convolution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.verify.check.Findings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CrewTest {

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Findings findings =
      new Findings(new PrintStream(printed, true, StandardCharsets.UTF_8));

  @Test
  void findingsAndResultsComeInTheOrderOfTheItems() {
    List<Integer> items = IntStream.range(0, 200).boxed().toList();
    try (Crew crew = Crew.of(findings, 7)) {
      List<Integer> results =
          crew.map(
              "items",
              items,
              (setting, item) -> {
                setting
                    .findings()
                    .check("odd", item + ".", () -> item % 50 == 0 ? Optional.of("even") : none());
                return item;
              });
      assertEquals(items, results);
    }
    assertEquals(
        """
        FAILED odd: 0.: even
        FAILED odd: 50.: even
        FAILED odd: 100.: even
        FAILED odd: 150.: even
        """,
        printed.toString(StandardCharsets.UTF_8));
    assertEquals(196, findings.tally().passed());
  }

  @Test
  void workThatThrowsIsNotLost() {
    try (Crew crew = Crew.of(findings, 7)) {
      IllegalStateException thrown =
          assertThrows(
              IllegalStateException.class,
              () ->
                  crew.map(
                      "items",
                      List.of(1),
                      (setting, item) -> {
                        throw new IllegalArgumentException("no such shape");
                      }));
      assertEquals("no such shape", thrown.getCause().getMessage());
    }
  }

  private static Optional<String> none() {
    return Optional.empty();
  }
}
