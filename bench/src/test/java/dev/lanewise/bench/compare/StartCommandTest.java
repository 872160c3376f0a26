package dev.lanewise.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.peer.Inference;
import dev.lanewise.bench.peer.LanewisePeer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class StartCommandTest {

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new StartCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void aProcessOfItsOwnHasAResult() {
    assertEquals(0, run("--only=lenet5", "--runs=1"), err::toString);
    String[] row = out.toString().lines().skip(1).findFirst().orElseThrow().split(" +", -1);
    assertEquals("lenet5", row[0]);
    assertEquals("lanewise", row[1]);
    double seconds = Double.parseDouble(row[2]);
    double processor = Double.parseDouble(row[3]);
    assertTrue(seconds > 0 && processor > 0, out::toString);
    // The JVM alone takes more than 20 MB, and this model needs no gigabyte.
    int megabytes = Integer.parseInt(row[4]);
    assertTrue(megabytes > 20 && megabytes < 1000, out::toString);
  }

  @Test
  void theWordsOfAProcessThatFailsAreToldOf() throws IOException {
    Path damaged = Files.writeString(folder.resolve("damaged"), "no weights");
    IOException failure =
        assertThrows(
            IOException.class,
            () ->
                FirstResult.of(
                    new LanewisePeer(Optional.empty()), new Inference("lenet5", 1, 1), damaged));
    assertTrue(
        failure.getMessage().contains("lanewise gave no result of lenet5"), failure::getMessage);
    assertTrue(failure.getMessage().contains(damaged.toString()), failure::getMessage);
  }

  @Test
  void mistakesAreNamedBeforeAnythingStarts() {
    assertEquals(2, run("--runs=0"));
    assertEquals(2, run("--threads=0"));
    assertEquals(2, run("--only=nothing*"));
    assertEquals(2, run("--peers=nobody"));
    assertTrue(err.toString().contains("--runs=0 must be at least 1"), err::toString);
    assertTrue(err.toString().contains("--only=nothing* matches no model"), err::toString);
    assertTrue(err.toString().contains("unknown peer 'nobody'"), err::toString);
    assertEquals("", out.toString());
  }
}
