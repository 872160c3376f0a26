package dev.lanewise.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SurveyVerificationTest {

  @Test
  void everyWorkedNumberOfTheSurveyIsReproduced() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Tally tally = SurveyVerification.run(new PrintStream(printed, true, StandardCharsets.UTF_8));
    String text = printed.toString(StandardCharsets.UTF_8);
    assertEquals(0, tally.failed(), text);
    assertTrue(tally.passed() >= 40, text);
    assertTrue(text.endsWith(tally.passed() + " passed, 0 failed\n"), text);
  }
}
