package dev.lanewise.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.shape.ConvShape;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConvVerificationTest {

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private Tally run(ConvVerification.Options options) {
    return ConvVerification.run(options, new PrintStream(printed, true, StandardCharsets.UTF_8));
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void randomShapesAgreeWithTheReference() {
    Tally tally = run(ConvVerification.Options.defaults().withoutListed().withCases(60));
    assertEquals(0, tally.failed(), this::printed);
    // Direct and im2col compute every shape; the others refuse some.
    assertTrue(tally.passed() >= 60 * 6 * 2, this::printed);
    assertTrue(printed().endsWith(tally.passed() + " passed, 0 failed\n"), this::printed);
  }

  @Test
  void awkwardShapesAgreeWithTheReference() {
    List<ConvShape> awkward = LayerList.awkward().stream().map(LayerList.Row::shape).toList();
    ConvVerification.Options options =
        new ConvVerification.Options(List.of(Algorithm.values()), 0, 3, false, awkward, false);
    assertEquals(0, run(options).failed(), this::printed);
  }
}
