package dev.lanewise.nn.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.data.Augmentation;
import dev.lanewise.nn.data.Shift;
import dev.lanewise.nn.io.Safetensors;
import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Pool;
import dev.lanewise.nn.layer.Sequential;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.optim.Schedule;
import dev.lanewise.nn.optim.Sgd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {

  @TempDir Path folder;

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
    return TrainOptions.defaults()
        .with()
        .epochs(3)
        .batch(8)
        .augmentation(Augmentation.of(new Shift(1)))
        .build();
  }

  @Test
  void learnsAndReportsEachEpoch() throws IOException {
    List<EpochReport> reports = new ArrayList<>();
    Trainer trainer = new Trainer(network(), options(), Workers.shared());
    trainer.run(new Halves(100), new Halves(30), reports::add);
    assertEquals(List.of(1, 2, 3), reports.stream().map(report -> report.row().epoch()).toList());
    assertEquals(1, reports.getLast().test().confusion().accuracy());
    assertEquals(30, reports.getLast().test().confusion().total());
    assertTrue(reports.getLast().row().trainLoss() < reports.getFirst().row().trainLoss());
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
    Trainer trainer =
        new Trainer(
            network,
            options().with().files(TrainOptions.Files.NONE.weights(file)).build(),
            Workers.shared());
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
  void refusesOptionsThatMakeNoSense() {
    TrainOptions options = TrainOptions.defaults();
    assertThrows(IllegalArgumentException.class, () -> options.with().epochs(0).build());
    assertThrows(IllegalArgumentException.class, () -> options.with().batch(0).build());
    assertThrows(IllegalArgumentException.class, () -> options.with().loaders(-1).build());
    Trainer trainer = new Trainer(network(), options, Workers.shared());
    assertThrows(
        IllegalArgumentException.class,
        () -> trainer.run(new Halves(0), new Halves(2), report -> {}));
  }

  @Test
  void aLossThatRunsAwaySaysWhereItBegan() {
    TrainOptions wild = options().with().optimizer(Sgd.Settings.of(3e38f)).build();
    Trainer trainer = new Trainer(network(), wild, Workers.shared());
    String message = failure(trainer, new Halves(50));
    assertTrue(message.contains("a smaller learning rate than 3.0E38 may help"), message);

    Network broken = network();
    broken.parameters().get("fc.weight").data()[5] = Float.NaN;
    message = failure(new Trainer(broken, options(), Workers.shared()), new Halves(50));
    assertTrue(message.contains("left parameter fc.weight not finite"), message);

    Network spoilt = network();
    Arrays.fill(spoilt.parameters().get("fc.weight").data(), 3e38f);
    Arrays.fill(spoilt.parameters().get("fc.bias").data(), 3e38f);
    Arrays.fill(spoilt.parameters().get("conv.bias").data(), 9);
    message = failure(new Trainer(spoilt, options(), Workers.shared()), new Halves(50));
    assertTrue(message.contains("epoch 1, step 1; it began in layer fc, whose output"), message);
  }

  private static String failure(Trainer trainer, Halves images) {
    return assertThrows(
            ArithmeticException.class, () -> trainer.run(images, new Halves(2), report -> {}))
        .getMessage();
  }

  @Test
  void frozenParametersStayAndDiscriminativeRatesDiffer() throws IOException {
    Network network = network();
    Map<String, Tensor> before = network().parameters();
    TrainOptions options =
        options().with().rates(Map.of("conv.*", 0f)).schedule(new Schedule.Constant()).build();
    Trainer trainer = new Trainer(network, options, Workers.shared());
    trainer.run(new Halves(40), new Halves(10), report -> {});
    assertArrayEquals(
        before.get("conv.weight").values(), network.parameters().get("conv.weight").values());
    assertFalse(
        Arrays.equals(
            before.get("fc.weight").values(), network.parameters().get("fc.weight").values()));
    assertEquals(Set.of("fc.weight", "fc.bias"), trainer.rows().getLast().gradients().keySet());
    TrainOptions frozen = options().with().rates(Map.of("*", 0f)).build();
    assertThrows(
        IllegalArgumentException.class, () -> new Trainer(network, frozen, Workers.shared()));
  }

  @Test
  void theScheduleMovesTheMomentum() throws IOException {
    Map<String, float[]> weights = new TreeMap<>();
    for (String schedule : List.of("one-cycle", "one-cycle:0.9:0.9", "one-cycle:0.5:0.9")) {
      Network network = network();
      TrainOptions options = options().with().schedule(Schedule.parse(schedule)).build();
      new Trainer(network, options, Workers.shared())
          .run(new Halves(40), new Halves(10), report -> {});
      weights.put(schedule, network.parameters().get("fc.weight").values());
    }
    assertArrayEquals(weights.get("one-cycle"), weights.get("one-cycle:0.9:0.9"));
    assertFalse(Arrays.equals(weights.get("one-cycle"), weights.get("one-cycle:0.5:0.9")));
    TrainOptions.Builder adam =
        options()
            .with()
            .schedule(Schedule.parse("one-cycle:0.5:0.9"))
            .optimizer(Adam.Settings.of(0.1f));
    assertThrows(IllegalArgumentException.class, adam::build);
  }

  @Test
  void theLogIsATableAndAPageOfItsOwn() throws IOException {
    Path log = folder.resolve("log");
    TrainOptions options =
        options().with().epochs(2).files(TrainOptions.Files.NONE.log(log)).build();
    Trainer trainer = new Trainer(network(), options, Workers.shared());
    trainer.run(new Halves(40), new Halves(30), report -> {});
    List<EpochRow> rows = EpochRow.parse(Files.readString(log.resolve("log.csv")), "log.csv");
    assertEquals(trainer.rows(), rows);
    String page = Files.readString(log.resolve("index.html"));
    assertTrue(page.contains("<polyline") && page.contains("<th>left</th>"), page);
    assertTrue(page.contains("<tr><th>conv.weight</th><td style"), "no norms of gradients");
    assertFalse(page.contains("http"), "the page refers to something outside itself");
  }

  @Test
  void whatCannotBeDoneIsKnownBeforeTheFirstStep() {
    List<TrainOptions.Files> unwritable =
        List.of(
            TrainOptions.Files.NONE.weights(folder),
            TrainOptions.Files.NONE.weights(folder.resolve("no/such/file")),
            TrainOptions.Files.NONE.checkpoint(folder.resolve("no/such/file"), 0));
    for (TrainOptions.Files files : unwritable) {
      Trainer trainer =
          new Trainer(network(), options().with().files(files).build(), Workers.shared());
      assertThrows(
          IOException.class, () -> trainer.check(new Halves(9), new Halves(9)), files::toString);
    }
    TrainOptions far = options().with().augmentation(Augmentation.of(new Shift(8))).build();
    Trainer shifted = new Trainer(network(), far, Workers.shared());
    assertThrows(IllegalArgumentException.class, () -> shifted.check(new Halves(9), new Halves(9)));
    Sequential three = new Sequential().add("flatten", new Flatten()).add("fc", new Linear(64, 3));
    Network other = new Network("three", new int[] {1, 8, 8}, three).initialize(1);
    assertEquals(
        "three gives [8, 3], the data set has 2 classes",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    new Trainer(other, options(), Workers.shared())
                        .check(new Halves(9), new Halves(9)))
            .getMessage());
  }
}
