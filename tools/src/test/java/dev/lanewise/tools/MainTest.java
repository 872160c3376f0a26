package dev.lanewise.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    return commandLine.execute(arguments);
  }

  @Test
  void helpAndVersionSucceed() {
    assertEquals(0, run("--help"));
    assertTrue(out.toString().contains("Usage: lanewise"), out::toString);
    assertEquals(0, run("--version"));
  }

  @Test
  void missingCommandIsBadUsage() {
    assertEquals(2, run());
    assertTrue(err.toString().contains("a command is missing"), err::toString);
  }

  @Test
  void unknownOptionIsBadUsage() {
    assertEquals(2, run("--colour"));
    assertTrue(err.toString().contains("--colour"), err::toString);
  }
}
