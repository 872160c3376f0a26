package dev.lanewise.nn.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.Image;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeTest {

  private static final int KILLS = 3;
  private static final int SECONDS = 60;
  private static final String WEIGHTS = "weights.safetensors";
  private static final String CHECKPOINT = "checkpoint.safetensors";

  @TempDir private Path whole;
  @TempDir private Path killed;

  private static Trainer train(Path folder) throws IOException {
    return KillableTraining.run(folder, Workers.shared(), 1, new Halves(60));
  }

  private static byte[] weights(Path folder) throws IOException {
    return Files.readAllBytes(folder.resolve(WEIGHTS));
  }

  /** The scalar fallback in the other JVM has the same bits and no vector code to compile. */
  private Process start() throws Exception {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            Stream.of(
                    KillableTraining.class,
                    Trainer.class,
                    Workers.class,
                    Gson.class,
                    ProgressBar.class)
                .map(ResumeTest::place)
                .collect(Collectors.joining(File.pathSeparator)),
            KillableTraining.class.getName(),
            killed.toString());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** The folder or jar that a class lies in, whatever module it was patched into. */
  private static String place(Class<?> type) {
    String name = type.getName().replace('.', '/') + ".class";
    String address = type.getClassLoader().getResource(name).toString();
    String root = address.substring(0, address.length() - name.length() - 1);
    String file = root.startsWith("jar:") ? root.substring(4, root.length() - 1) : root;
    try {
      return Path.of(new URI(file)).toString();
    } catch (URISyntaxException impossible) {
      throw new IllegalArgumentException(impossible);
    }
  }

  @Test
  void aTrainingThatIsKilledAgainAndAgainEndsInTheSameWeights() throws Exception {
    Random random = new Random(1);
    Path file = killed.resolve(CHECKPOINT);
    for (int kill = 0; kill < KILLS; kill++) {
      byte[] before = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
      Process training = start();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      while (training.isAlive() && System.nanoTime() < end && !changed(file, before)) {
        training.waitFor(1, TimeUnit.MILLISECONDS);
      }
      training.waitFor(random.nextInt(40), TimeUnit.MILLISECONDS);
      training.destroyForcibly().waitFor();
      assertTrue(changed(file, before), "the training wrote no checkpoint");
    }
    Process last = start();
    assertTrue(last.waitFor(SECONDS, TimeUnit.SECONDS));
    assertEquals(0, last.exitValue());
    train(whole);
    assertArrayEquals(weights(whole), weights(killed));
    assertEquals(figures(train(whole)), figures(train(killed)));
  }

  private static boolean changed(Path file, byte[] before) throws IOException {
    return Files.exists(file) && !Arrays.equals(before, Files.readAllBytes(file));
  }

  /** All figures but the time. */
  private static List<String> figures(Trainer trainer) {
    return trainer.rows().stream()
        .map(row -> row.trainLoss() + " " + row.testLoss() + " " + row.gradients())
        .toList();
  }

  @Test
  void aStopInTheMiddleOfAnEpochIsGoneOnFrom() throws IOException {
    train(whole);
    for (int stops = 0; stops < 3; stops++) {
      stopAfter(5 + stops);
    }
    train(killed);
    assertArrayEquals(weights(whole), weights(killed));
  }

  /** Trains until so many images of an epoch were read, on the trainer's own thread. */
  private void stopAfter(int batches) throws IOException {
    List<Trainer> trainer = new ArrayList<>();
    Halves images = new Halves(60);
    int[] reads = {0};
    var counting =
        new Dataset() {
          @Override
          public int size() {
            return images.size();
          }

          @Override
          public List<String> classes() {
            return images.classes();
          }

          @Override
          public int label(int index) {
            return images.label(index);
          }

          @Override
          public void read(int index, Image image) {
            images.read(index, image);
            if (++reads[0] == 4 * batches) {
              trainer.getFirst().stop();
            }
          }
        };
    trainer.add(
        new Trainer(
            KillableTraining.network(), KillableTraining.options(killed, 0), Workers.shared()));
    trainer.getFirst().run(counting, new Halves(10), report -> {});
    assertTrue(trainer.getFirst().stopped());
  }

  @Test
  void aCheckpointOfAnotherTrainingIsRefused() throws IOException {
    train(whole);
    TrainOptions other = KillableTraining.options(whole, 1).with().batch(8).build();
    Trainer trainer = new Trainer(KillableTraining.network(), other, Workers.shared());
    String message =
        assertThrows(
                IOException.class, () -> trainer.run(new Halves(60), new Halves(10), report -> {}))
            .getMessage();
    assertTrue(message.endsWith("is the checkpoint of another training: batch was 4, is 8"));
  }

  @Test
  void aFileThatIsNoCheckpointIsRefused() throws IOException {
    train(whole);
    Files.copy(whole.resolve(WEIGHTS), killed.resolve(CHECKPOINT));
    String message = assertThrows(IOException.class, () -> train(killed)).getMessage();
    assertTrue(message.startsWith(killed.resolve(CHECKPOINT).toString()), message);
    Files.write(killed.resolve(CHECKPOINT), new byte[100]);
    assertThrows(IOException.class, () -> train(killed));
  }
}
