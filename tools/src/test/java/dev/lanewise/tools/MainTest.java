package dev.lanewise.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MainTest extends CommandTest {

  @Test
  void helpListsTheCommandsAndTheExitStatus() {
    assertEquals(0, run("--help"));
    for (String text : List.of("Usage: lanewise", "doctor", "compare", "jmh", "bad usage")) {
      assertTrue(out().contains(text), () -> text + " is not in:\n" + out());
    }
  }

  @Test
  void versionIsTheOneOfTheBuild() {
    assertEquals(0, run("--version"));
    assertTrue(out().matches("lanewise \\d+\\.\\d+\\.\\d+\\S*\\R"), this::out);
  }

  static Stream<List<String>> everyCommand() {
    List<List<String>> names = new ArrayList<>();
    collect(Main.commandLine(), List.of(), names);
    return names.stream();
  }

  private static void collect(CommandLine command, List<String> path, List<List<String>> names) {
    command
        .getSubcommands()
        .forEach(
            (name, child) -> {
              List<String> full = Stream.concat(path.stream(), Stream.of(name)).toList();
              names.add(full);
              collect(child, full, names);
            });
  }

  @ParameterizedTest
  @MethodSource("everyCommand")
  void everyCommandExplainsItselfWithAnExample(List<String> command) {
    assertEquals(
        0, run(Stream.concat(command.stream(), Stream.of("--help")).toArray(String[]::new)));
    String name = "lanewise " + String.join(" ", command);
    assertTrue(out().startsWith("Usage: " + name), this::out);
    assertTrue(out().contains("%nExample".formatted()) && out().contains("  " + name), this::out);
  }

  @Test
  void missingCommandIsBadUsage() {
    assertEquals(2, run());
    assertEquals(
        """
        lanewise: a command is missing
        Try `lanewise --help`.
        """,
        err());
  }

  @Test
  void unknownCommandIsBadUsageAndSuggestsTheNearest() {
    assertEquals(2, run("docto"));
    assertTrue(err().contains("lanewise doctor"), this::err);
  }

  @Test
  void unknownOptionIsBadUsage() {
    assertEquals(2, run("--colour"));
    assertTrue(err().contains("--colour"), this::err);
  }

  @Test
  void commandsOfBenchSayWhoStartsThem() {
    assertEquals(1, run("compare", "layers", "--peers", "onednn"));
    assertTrue(err().contains("tools/lanewise compare"), this::err);
  }

  /** Stands for a command that needs more memory than there is. */
  @Command(name = "greedy")
  private static final class Greedy implements Runnable {
    @Override
    public void run() {
      throw new OutOfMemoryError("Java heap space");
    }
  }

  @Test
  void tooLittleMemoryFailsWithAdvice() {
    StringWriter text = new StringWriter();
    CommandLine greedy = new CommandLine(new Greedy()).setErr(new PrintWriter(text));
    assertEquals(1, Main.execute(greedy));
    assertTrue(text.toString().startsWith("lanewise: Java heap space: "), text::toString);
  }
}
