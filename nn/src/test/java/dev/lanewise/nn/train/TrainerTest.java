package dev.lanewise.nn.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.Image;
import dev.lanewise.nn.io.Safetensors;
import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Pool;
import dev.lanewise.nn.layer.Sequential;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {

  @TempDir Path folder;

  /** Noise with a bright left or right half: two classes that any network can tell apart. */
  private record Halves(int size) implements Dataset {
    @Override
    public List<String> classes() {
      return List.of("left", "right");
    }

    @Override
    public int label(int index) {
      return index % 2;
    }

    @Override
    public void read(int index, Image image) {
      float[] target = image.resize(1, 8, 8);
      Random random = new Random(index);
      for (int i = 0; i < 64; i++) {
        boolean bright = i % 8 / 4 == label(index);
        target[i] = random.nextFloat() + (bright ? 0.5f : -0.5f);
      }
    }
  }

  private static Network network() {
    Sequential layers =
        new Sequential()
            .add("conv", new Conv2d(1, 4, 3))
            .add("tanh", Activate.tanh())
            .add("pool", Pool.average(2))
            .add("flatten", new Flatten())
            .add("fc", new Linear(36, 2));
    return new Network("halves", new int[] {1, 8, 8}, layers).initialize(1);
  }

  private static TrainOptions options() {
    return TrainOptions.defaults().epochs(3).batch(8).shift(1);
  }

  @Test
  void learnsAndReportsEachEpoch() throws IOException {
    List<EpochReport> reports = new ArrayList<>();
    Trainer trainer = new Trainer(network(), options(), Workers.shared());
    trainer.run(new Halves(100), new Halves(30), reports::add);
    assertEquals(List.of(1, 2, 3), reports.stream().map(EpochReport::epoch).toList());
    assertEquals(1, reports.getLast().test().confusion().accuracy());
    assertEquals(30, reports.getLast().test().confusion().total());
    assertTrue(reports.getLast().trainLoss() < reports.getFirst().trainLoss());
    assertTrue(reports.getLast().toString().contains("accuracy 100.00 %"));
  }

  @Test
  void weightsHaveTheSameBitsOnAnyNumberOfThreads() throws IOException {
    float[][] first = weights(1);
    assertTrue(Arrays.deepEquals(first, weights(2)));
    assertTrue(Arrays.deepEquals(first, weights(3)));
  }

  private static float[][] weights(int threads) throws IOException {
    Network network = network();
    try (Workers workers = Workers.of(threads)) {
      new Trainer(network, options(), workers).run(new Halves(50), new Halves(2), report -> {});
    }
    return network.parameters().values().stream()
        .map(tensor -> tensor.data())
        .toArray(float[][]::new);
  }

  @Test
  void aStopKeepsTheWeightsAndEndsBeforeTheNextEpoch() throws IOException {
    Path file = folder.resolve("stopped.safetensors");
    Network network = network();
    Trainer trainer = new Trainer(network, options().checkpoint(file), Workers.shared());
    List<EpochReport> reports = new ArrayList<>();
    trainer.run(
        new Halves(20),
        new Halves(2),
        report -> {
          reports.add(report);
          trainer.stop();
        });
    assertEquals(1, reports.size());
    assertTrue(trainer.stopped());
    Network kept = network().load(Safetensors.load(file));
    assertArrayEquals(
        network.parameters().get("fc.weight").values(),
        kept.parameters().get("fc.weight").values());
  }

  @Test
  void aLossThatRunsAwayIsAnError() {
    TrainOptions wild = options().optimizer("sgd", 3e38f, 0.9f, 0);
    Trainer trainer = new Trainer(network(), wild, Workers.shared());
    String message =
        assertThrows(
                ArithmeticException.class,
                () -> trainer.run(new Halves(50), new Halves(2), report -> {}))
            .getMessage();
    assertTrue(message.contains("a smaller learning rate than 3.0E38 may help"), message);
  }

  @Test
  void refusesOptionsThatMakeNoSense() {
    TrainOptions options = TrainOptions.defaults();
    assertThrows(IllegalArgumentException.class, () -> options.epochs(0));
    assertThrows(IllegalArgumentException.class, () -> options.batch(0));
    assertThrows(IllegalArgumentException.class, () -> options.shift(-1));
    assertThrows(IllegalArgumentException.class, () -> options.optimizer("lion", 1, 0, 0));
    Trainer trainer = new Trainer(network(), options, Workers.shared());
    assertThrows(
        IllegalArgumentException.class,
        () -> trainer.run(new Halves(0), new Halves(2), report -> {}));
  }
}
