package dev.lanewise.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenVerificationTest {

  private static final String SGD = "train_lenet5_32x32_n4_sgd.json";

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @TempDir private Path folder;

  private Tally run(Path from, String only) throws IOException {
    GoldenVerification.Options options = new GoldenVerification.Options(from, only);
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    return GoldenVerification.run(options, out);
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  private static Path golden() {
    Path golden = Path.of(System.getProperty("lanewise.shared", "../../shared"), "fixtures/models");
    assumeTrue(Files.isDirectory(golden), "no golden networks at " + golden);
    return golden;
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd", "adam", "rmsprop"})
  void lenetTrainsAsTheGoldenFileSays(String optimizer) throws IOException {
    Tally tally = run(golden(), "train_lenet5_*_" + optimizer);
    assertEquals(new Tally(1, 0, 0), tally, this::printed);
    assertTrue(printed().endsWith("1 passed, 0 failed, 0 skipped\n"), this::printed);
  }

  @Test
  void mobilenetGivesWhatTheGoldenFileSays() throws IOException {
    Tally tally = run(golden(), "mobilenet_v2_128x96_n3");
    assertEquals(new Tally(1, 0, 0), tally, this::printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "\"losses\":[2.7568 > \"losses\":[2.7569",
        "0.7651210087591962 > 0.7851210087591962",
        "-0.022019123378370354 > -0.022119123378370354",
        "\"lr\":0.01 > \"lr\":0.011",
        "\"input\":[4,1,32,32] > \"input\":[4,1,31,32]",
        "\"targets\":[1,8,5,2] > \"targets\":[1,8,5,3]",
        "\"conv3.bias\" > \"conv3.offset\"",
        "\"lr\" > \"rate\"",
        "\"losses\":[2.7568 > \"losses\":[null,2.7568",
        "\"gradients\":{\"conv1.weight\" > \"gradients\":{\"conv1.weight\":3,\"x\"",
        "{\"model\" > {{\"model\""
      })
  void aFileThatSaysOtherwiseFails(String from, String to) throws IOException {
    String text = Files.readString(golden().resolve(SGD));
    assertTrue(text.contains(from), text);
    Files.writeString(folder.resolve(SGD), text.replace(from, to));
    assertEquals(new Tally(0, 1, 0), run(folder, "*"), this::printed);
    assertTrue(printed().contains("FAILED " + SGD), this::printed);
  }

  @Test
  void aModelThatDoesNotExistIsSkipped() throws IOException {
    String text = Files.readString(golden().resolve(SGD));
    Files.writeString(folder.resolve("a.json"), text.replace("lenet5", "lenet500"));
    assertEquals(new Tally(0, 0, 1), run(folder, "*"));
    assertTrue(printed().endsWith("0 passed, 0 failed, 1 skipped\n"), this::printed);
  }

  @Test
  void aFolderThatDoesNotExistIsNamed() {
    Path missing = folder.resolve("missing");
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> run(missing, "*"));
    assertTrue(thrown.getMessage().contains(missing.toString()));
  }
}
