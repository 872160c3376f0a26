package dev.lanewise.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains on the ten bundled digits and evaluates what came of it. */
class TrainTest extends CommandTest {

  private static final List<String> FILES = List.of("images.idx3-ubyte", "labels.idx1-ubyte");

  @TempDir private Path folder;

  @BeforeEach
  void writeDataSet() throws IOException {
    for (String prefix : List.of("train", "t10k")) {
      for (String file : FILES) {
        try (InputStream in = Main.class.getResourceAsStream("digits-" + file)) {
          Files.copy(in, folder.resolve(prefix + "-" + file.replace('.', '-')));
        }
      }
    }
  }

  private int train(String... options) {
    Stream<String> command =
        Stream.of("train", "lenet5", "--data", folder.toString(), "--epochs", "1");
    return run(Stream.concat(command, Arrays.stream(options)).toArray(String[]::new));
  }

  private String weights() {
    return folder.resolve("weights.safetensors").toString();
  }

  @Test
  void trainedWeightsAreWrittenAndCanBeEvaluated() {
    assertEquals(0, train("--batch", "5", "--threads", "1", "--out", weights()), this::err);
    assertTrue(out().contains("epoch 1/1") && out().contains(weights()), this::out);
    assertEquals(0, run("evaluate", "lenet5", "--data", folder.toString(), "--weights", weights()));
    assertTrue(out().contains("accuracy") && out().contains("precision"), this::out);
  }

  @Test
  void sameSeedGivesTheSameWeightsOnAnyNumberOfThreads() throws IOException {
    assertEquals(0, train("--threads", "1", "--out", weights()), this::err);
    byte[] first = Files.readAllBytes(Path.of(weights()));
    assertEquals(0, train("--threads", "2", "--out", weights()), this::err);
    assertTrue(Arrays.equals(first, Files.readAllBytes(Path.of(weights()))));
  }

  @Test
  void badOptionValuesAreBadUsage() {
    List<List<String>> wrong =
        List.of(
            List.of("--epochs", "0"),
            List.of("--batch", "-1"),
            List.of("--lr", "-0.1"),
            List.of("--lr", "fast"),
            List.of("--optimizer", "adagrad"),
            List.of("--optimizer", "adam", "--momentum", "0.9"),
            List.of("--weight-decay", "NaN"),
            List.of("--schedule", "sometimes"),
            List.of("--augment", "shift:-1"),
            List.of("--augment", "shift:100"),
            List.of("--augment", "turn"),
            List.of("--format", "jpeg"),
            List.of("--average", "mean"),
            List.of("--clip-norm", "0"),
            List.of("--smoothing", "1"),
            List.of("--limit", "11"),
            List.of("--freeze", "head.*"),
            List.of("--loaders", "-1"),
            List.of("--optimizer", "adam", "--nesterov"),
            List.of("--checkpoint", folder.resolve("no/such/file").toString()),
            List.of("--threads", "0"),
            List.of("--threads", "100000"),
            List.of("--out", folder.toString()),
            List.of("--out", folder.resolve("no/such/folder").toString()));
    for (List<String> options : wrong) {
      assertEquals(2, train(options.toArray(String[]::new)), options::toString);
    }
    assertFalse(err().contains("\tat "), this::err);
    assertTrue(err().contains("unknown optimizer 'adagrad'"), this::err);
  }

  @Test
  void everyOptionCanBeGiven() {
    String log = folder.resolve("log").toString();
    String checkpoint = folder.resolve("checkpoint").toString();
    String[] options = {
      "--out",
      weights(),
      "--batch",
      "4",
      "--limit",
      "9",
      "--augment",
      "crop:2,flip,mixup:0.2",
      "--optimizer",
      "sgd",
      "--nesterov",
      "--lr",
      "0.01",
      "--schedule",
      "warm-up:1:step:3:0.1",
      "--smoothing",
      "0.1",
      "--clip-norm",
      "1",
      "--clip-value",
      "0.5",
      "--average",
      "ema:0.9",
      "--freeze",
      "conv1.*",
      "--rate",
      "fc*=0.5",
      "--checkpoint",
      checkpoint,
      "--checkpoint-steps",
      "1",
      "--log",
      log,
      "--loaders",
      "2",
      "--format",
      "mnist"
    };
    assertEquals(0, train(options), this::err);
    assertTrue(Files.exists(folder.resolve("log/index.html")));
    assertTrue(Files.exists(Path.of(checkpoint)));
    assertEquals(0, train(options), this::err);
    assertEquals(1, out().lines().filter(line -> line.startsWith("epoch 1/1")).count(), this::out);
    assertEquals(0, train("--weights", weights(), "--out", weights()), this::err);
    assertTrue(out().contains("all weights were loaded"), this::out);
  }

  @Test
  void anotherTrainingDoesNotGoOnFromItsCheckpoint() {
    String checkpoint = folder.resolve("checkpoint").toString();
    assertEquals(0, train("--out", weights(), "--checkpoint", checkpoint), this::err);
    assertEquals(
        1, train("--out", weights(), "--checkpoint", checkpoint, "--batch", "3"), this::err);
    assertTrue(err().contains("another training: batch was 64, is 3"), this::err);
    assertEquals(1, err().lines().count(), this::err);
  }

  @Test
  void missingDataOptionIsBadUsage() {
    assertEquals(2, run("train", "lenet5"));
    assertTrue(err().contains("--data"), this::err);
  }

  @Test
  void aLogThatIsAFileIsBadUsage() throws IOException {
    String file = Files.createFile(folder.resolve("file")).toString();
    String out = folder.resolve("weights").toString();
    assertEquals(2, run("train", "lenet5", "--data", file, "--out", out, "--log", file));
    assertTrue(err().contains(file + " is a file, not a folder"), this::err);
  }

  @Test
  void missingFolderFailsInOneLine() {
    assertEquals(1, run("evaluate", "lenet5", "--data", "no-such-folder"));
    assertTrue(err().startsWith("lanewise: no such file: no-such-folder"), this::err);
    assertEquals(1, err().lines().count(), this::err);
  }

  @Test
  void truncatedDataFailsInOneLineThatNamesTheFile() throws IOException {
    Path images = folder.resolve("t10k-images-idx3-ubyte");
    Files.write(images, Arrays.copyOf(Files.readAllBytes(images), 5000));
    assertEquals(1, run("evaluate", "lenet5", "--data", folder.toString()));
    assertTrue(err().contains(images.toString()), this::err);
    assertEquals(1, err().lines().count(), this::err);
  }

  @Test
  void weightsThatLieFailInOneLineThatNamesTheFile() throws IOException {
    byte[] lie = new byte[64];
    Arrays.fill(lie, (byte) 0x7f);
    Files.write(Path.of(weights()), lie);
    assertEquals(1, run("evaluate", "lenet5", "--data", folder.toString(), "--weights", weights()));
    assertTrue(err().contains(weights()), this::err);
    assertEquals(1, err().lines().count(), this::err);
  }

  @Test
  void aHeadCanBeLeftOutOfTheWeightsToGoOnFrom() {
    assertEquals(0, train("--out", weights()), this::err);
    String other = folder.resolve("other.safetensors").toString();
    String[] options = {"--weights", weights(), "--leave-out", "fc2.*", "--out", other};
    assertEquals(0, train(options), this::err);
    assertTrue(out().contains("not all weights were loaded: missing fc2.weight, fc2.bias"), out());
    options[3] = "head.*";
    assertEquals(2, train(options));
    assertTrue(err().contains("--leave-out head.* fits no name"), this::err);
  }
}
