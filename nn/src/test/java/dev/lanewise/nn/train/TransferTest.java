package dev.lanewise.nn.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.data.Augmentation;
import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.BatchNorm;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Sequential;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TransferTest {

  private static final Workers WORKERS = Workers.shared();

  private static Network network(int classes) {
    Sequential head = Sequential.of(new Flatten(), new Linear(144, classes));
    Sequential layers =
        new Sequential()
            .add("conv", new Conv2d(1, 4, 3))
            .add("relu", Activate.relu())
            .add("head", head);
    return new Network("halves", new int[] {1, 8, 8}, layers).initialize(classes);
  }

  private static TrainOptions options() {
    return TrainOptions.defaults()
        .with()
        .epochs(3)
        .batch(8)
        .augmentation(Augmentation.NONE)
        .build();
  }

  /**
   * The head learns the same, bit for bit, whether features are computed again or kept: in batches
   * of one size, for which plans and so the order of sums are the same.
   */
  @Test
  void aHeadTrainedOnCachedFeaturesIsThatOfTheFrozenNetwork() throws IOException {
    Network frozen = network(2);
    TrainOptions batches = options().with().batch(32).epochs(12).build();
    TrainOptions options = batches.with().rates(Map.of("conv.*", 0f)).build();
    new Trainer(frozen, options, WORKERS).run(new Halves(64), new Halves(32), report -> {});

    Network body = network(2).before("head");
    Network head =
        new Network(
            "head",
            new int[] {4, 6, 6},
            new Sequential().add("head", network(2).body().children().get("head")));
    CachedFeatures features = CachedFeatures.of(body, new Halves(64), WORKERS);
    CachedFeatures test = CachedFeatures.of(body, new Halves(32), WORKERS);
    Trainer trainer = new Trainer(head, batches, WORKERS);
    trainer.run(features, test, report -> {});
    assertArrayEquals(
        frozen.parameters().get("head.1.weight").values(),
        head.parameters().get("head.1.weight").values());
    assertEquals(1, trainer.rows().getLast().accuracy());
  }

  @Test
  void aReplacedHeadLeavesTheOtherLayersAsTheyAre() {
    Network old = network(2);
    Network replaced = old.with("head.1", new Linear(144, 5));
    assertArrayEquals(new int[] {3, 5}, replaced.body().outputShape(3, 1, 8, 8));
    assertSame(old.parameters().get("conv.weight"), replaced.parameters().get("conv.weight"));
    assertEquals(old.parameters().keySet(), replaced.parameters().keySet());
    String message =
        assertThrows(IllegalArgumentException.class, () -> old.with("fc", new Linear(144, 5)))
            .getMessage();
    assertEquals("there is no layer fc; there are [conv, relu, head]", message);
    assertThrows(IllegalArgumentException.class, () -> old.with("conv.1", new Linear(144, 5)));
    assertThrows(IllegalArgumentException.class, () -> old.before("fc"));
  }

  @Test
  void weightsThatFitAreLoadedByName() {
    Network trained = network(2);
    Network other = network(5);
    Map<String, Tensor> given = new LinkedHashMap<>(trained.state());
    assertEquals(List.of("conv.weight", "conv.bias"), other.loadMatching(given).matching());
    assertArrayEquals(
        trained.parameters().get("conv.weight").values(),
        other.parameters().get("conv.weight").values());
  }

  @Test
  void frozenNormsKeepTheirAveragesWhileTheirWeightsAreTrained() throws IOException {
    for (boolean frozen : new boolean[] {true, false}) {
      Network network =
          new Network(
                  "normed",
                  new int[] {1, 8, 8},
                  new Sequential()
                      .add("conv", new Conv2d(1, 4, 3))
                      .add("block", Sequential.of(new BatchNorm(4)))
                      .add("relu", Activate.relu())
                      .add("head", Sequential.of(new Flatten(), new Linear(144, 2))))
              .initialize(1);
      float[] mean = network.buffers().get("block.0.running_mean").values();
      float[] weight = network.parameters().get("block.0.weight").values();
      TrainOptions options = options().with().epochs(1).frozenNorms(frozen).build();
      new Trainer(network, options, WORKERS).run(new Halves(20), new Halves(8), report -> {});
      boolean kept = Arrays.equals(mean, network.buffers().get("block.0.running_mean").values());
      assertEquals(frozen, kept);
      assertFalse(Arrays.equals(weight, network.parameters().get("block.0.weight").values()));
    }
  }
}
