package dev.lanewise.nn.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.AdaptivePool;
import dev.lanewise.nn.layer.BatchNorm;
import dev.lanewise.nn.layer.Branches;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.DenseBlock;
import dev.lanewise.nn.layer.Drop;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.FrequencyPool;
import dev.lanewise.nn.layer.GroupNorm;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.LocalResponseNorm;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.PRelu;
import dev.lanewise.nn.layer.PadChannels;
import dev.lanewise.nn.layer.Pool;
import dev.lanewise.nn.layer.PoolAndUnpool;
import dev.lanewise.nn.layer.PyramidPooling;
import dev.lanewise.nn.layer.Residual;
import dev.lanewise.nn.layer.Sequential;
import dev.lanewise.nn.layer.SqueezeExcitation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SessionTest {

  private static final SessionOptions STRICT =
      SessionOptions.defaults().withAccuracy(Accuracy.STRICT);

  private static Network network(int channels, Layer... layers) {
    return network(new int[] {channels, 9, 7}, layers);
  }

  private static Network network(int[] input, Layer... layers) {
    Network network = new Network("small", input, Sequential.of(layers)).initialize(3);
    Random random = new Random(5);
    network
        .buffers()
        .forEach(
            (name, values) -> {
              boolean variance = name.endsWith("running_var");
              for (int i = 0; i < values.size(); i++) {
                values.data()[i] =
                    variance ? 0.5f + random.nextFloat() : (float) random.nextGaussian();
              }
              values.changed();
            });
    return network;
  }

  private static float[] random(int length, int seed) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] expected(Network network, float[] input, int... shape) {
    Context context = Context.inference(Workers.shared()).accuracy(Accuracy.STRICT);
    return network.forward(Tensor.of(input, shape), context).values();
  }

  @Test
  void aSessionThatIsWarmFromTheStartComputesTheSame() {
    Network network =
        network(
            16,
            new BatchNorm(16),
            new Residual(new Sequential().add("relu", Activate.relu())),
            new Conv2d(16, 16, 3).padding(1),
            new Conv2d(16, 16, 3).padding(1));
    float[] input = random(16 * 9 * 7, 4);
    SessionOptions warm = STRICT.withWarmUp().withThreads(2);
    assertTrue(warm.warm());
    try (Session session = Session.compile(network, warm, 1, 16, 9, 7)) {
      assertArrayEquals(expected(network, input, 1, 16, 9, 7), session.run(input), 1e-4f);
    }
  }

  /** The same network with its parameters in a file, or what looks like one to it. */
  private static Network stored(Network network, Network same) {
    Map<String, Tensor> state = new LinkedHashMap<>();
    network
        .state()
        .forEach((name, values) -> state.put(name, Tensor.stored(values::copyTo, values.shape())));
    return same.adopt(state);
  }

  @Test
  void filtersAreReadFromTheirFileWhenTheyArePackedAndNotKept() {
    Supplier<Layer[]> layers =
        () ->
            new Layer[] {
              new Conv2d(16, 32, 3).padding(1).bias(false),
              new BatchNorm(32),
              Activate.relu(),
              new Conv2d(32, 32, 3).groups(32),
              new Conv2d(32, 16, 1),
              AdaptivePool.average(1),
              new Flatten(),
              new Linear(16, 4)
            };
    Network network = network(16, layers.get());
    Network lazy = stored(network, network(16, layers.get()));
    float[] input = random(2 * 16 * 9 * 7, 4);
    try (Session expected = Session.compile(network, STRICT, 2, 16, 9, 7);
        Session session = Session.compile(lazy, STRICT, 2, 16, 9, 7)) {
      float[] result = session.run(input);
      assertArrayEquals(expected.run(input), result);
      lazy.parameters()
          .forEach((name, values) -> assertEquals(values.rank() > 1, values.isStored(), name));
      long packed = session.filterBytes();
      Session one = session.forInput(1, 16, 9, 7);
      assertArrayEquals(Arrays.copyOf(result, 4), one.run(Arrays.copyOf(input, input.length / 2)));
      assertEquals(packed, one.filterBytes());
    }
  }

  /** The algorithms of the steps, after what the session computes was compared with the network. */
  private static List<String> steps(Network network, int batch) {
    int[] shape = network.batchShape(batch);
    int length = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    float[] input = random(length, batch);
    try (Session session = Session.compile(network, STRICT, shape)) {
      float[] expected = expected(network, input, shape);
      float scale = 0;
      for (float value : expected) {
        scale = Math.max(scale, Math.abs(value));
      }
      float[] first = session.run(input);
      assertArrayEquals(expected, first, 2e-6f * scale);
      assertArrayEquals(first, session.run(input), "a second run");
      return session.profile(input, 1).steps().stream().map(Profile.Step::algorithm).toList();
    }
  }

  private static List<String> withEnds(String... algorithms) {
    List<String> all = new ArrayList<>(List.of(algorithms));
    all.addFirst("reorder");
    all.addLast("reorder");
    return all;
  }

  /** The same where the first step reads the input as it is given. */
  private static List<String> fromStem(String... algorithms) {
    List<String> all = withEnds(algorithms);
    all.removeFirst();
    return all;
  }

  private static Sequential convNorm(int in, int out, Layer... after) {
    Sequential layers =
        new Sequential()
            .add("conv", new Conv2d(in, out, 3).padding(1).bias(false))
            .add("norm", new BatchNorm(out));
    for (int i = 0; i < after.length; i++) {
      layers.add("after" + i, after[i]);
    }
    return layers;
  }

  @Test
  void aDepthwiseConvolutionThatLeavesTheCacheIsComputedWithThePointwiseAfterIt() {
    Sequential body =
        Sequential.of(
            new Conv2d(32, 32, 3).padding(1).groups(32),
            new BatchNorm(32),
            Activate.relu(),
            new Conv2d(32, 32, 1).bias(false),
            new BatchNorm(32));
    Layer whole = new Residual(body);
    assertEquals(withEnds("separable"), steps(network(new int[] {32, 96, 96}, whole), 2));
    assertEquals(2, steps(network(new int[] {32, 24, 24}, whole), 2).size() - 2);
  }

  @Test
  void normActivationAndResidualBecomePartOfTheConvolution() {
    Sequential body = convNorm(20, 20, Activate.relu(), convNorm(20, 20));
    Network network =
        network(
            3,
            convNorm(3, 20, Activate.silu()),
            new Residual(body, Activation.RELU),
            Drop.elements(0.5f));
    assertEquals(fromStem("direct", "direct", "direct"), steps(network, 2));
  }

  @Test
  void theShortcutTakesTheResidualWhereItComesLast() {
    Residual block =
        new Residual(convNorm(20, 24), Activation.RELU).shortcut("shortcut", new Conv2d(20, 24, 1));
    List<String> steps = steps(network(20, block), 1);
    assertEquals(4, steps.size(), steps::toString);
  }

  @Test
  void theBodyTakesTheResidualWhereTheShortcutHasNoConvolution() {
    Layer shortcut = Sequential.of(Pool.max(1), new PadChannels(40));
    Residual block = new Residual(convNorm(20, 40), Activation.RELU).shortcut("shortcut", shortcut);
    assertEquals(withEnds("pool", "pad", "direct"), steps(network(20, block), 2));
  }

  @Test
  void responseNormsHaveAStep() {
    Network network = network(20, new LocalResponseNorm(5, 0.1f, 0.75f, 2));
    assertEquals(withEnds("response norm"), steps(network, 3));
  }

  @Test
  void aValueThatIsReadTwiceKeepsItsPlainForm() {
    Residual block = new Residual(new Sequential().add("relu", Activate.relu()));
    Network network = network(20, new Conv2d(20, 20, 1), block);
    assertEquals(withEnds("direct", "activation", "sum"), steps(network, 1));
  }

  @Test
  void partsOfWholeBlocksAreConcatenatedInPlace() {
    Branches branches =
        new Branches()
            .add("a", new Conv2d(8, 32, 1))
            .add("b", Pool.max(3).stride(1).padding(1))
            .add("c", new Conv2d(8, 5, 3).padding(1));
    Network network = network(3, new Conv2d(3, 8, 1), branches);
    List<String> steps = steps(network, 2);
    assertEquals("copy", steps.get(steps.size() - 2), "8 channels before 5 are no whole block");
    Branches whole =
        new Branches()
            .add("a", new Conv2d(16, 32, 1))
            .add("b", Pool.max(1))
            .add("c", new Conv2d(16, 5, 1));
    steps = steps(network(3, new Conv2d(3, 16, 1), whole), 2);
    assertEquals("in place", steps.get(steps.size() - 2));
  }

  @Test
  void aDenseBlockGrowsInPlace() {
    DenseBlock block = new DenseBlock();
    for (int i = 0; i < 3; i++) {
      block.add(
          "layer" + i,
          new Sequential()
              .add("norm", new BatchNorm(16 + 32 * i))
              .add("relu", Activate.relu())
              .add("conv", new Conv2d(16 + 32 * i, 32, 3).padding(1)));
    }
    List<String> steps = steps(network(3, new Conv2d(3, 16, 1), block, Pool.average(2)), 2);
    assertEquals(3, steps.stream().filter("in place"::equals).count(), steps::toString);
    assertEquals(3, steps.stream().filter("scale and shift"::equals).count(), steps::toString);
    assertTrue(steps.stream().noneMatch("copy"::equals), steps::toString);
  }

  @Test
  void windowsAreAveragedBeforeAPointwiseConvolution() {
    Layer conv = new Conv2d(20, 24, 1);
    assertEquals(withEnds("pool", "direct"), steps(network(20, conv, Pool.average(2)), 2));
    Layer padded = Pool.average(3).stride(2).padding(1);
    assertEquals(
        withEnds("direct", "pool"),
        steps(network(20, conv, padded), 2),
        "a bias counts less where padding is averaged");
    assertEquals(withEnds("direct", "pool"), steps(network(20, conv, Pool.max(2)), 2));
    Layer wide = new Conv2d(20, 24, 3);
    assertEquals(fromStem("direct", "pool"), steps(network(20, wide, Pool.average(2)), 2));
  }

  @Test
  void channelsAreWeighedInPlace() {
    SqueezeExcitation weigh = new SqueezeExcitation(20, 4, Activation.RELU, Activation.SIGMOID);
    Network network = network(3, new Conv2d(3, 20, 1), weigh, new Conv2d(20, 4, 1));
    List<String> steps = steps(network, 3);
    assertTrue(steps.contains("scale"), steps::toString);
  }

  @Test
  void rowsOfFeaturesAreOnePixelEach() {
    Network network =
        network(
            3,
            new Conv2d(3, 5, 3),
            new Flatten(),
            new Linear(5 * 7 * 5, 21),
            Activate.tanh(),
            new Linear(21, 4));
    assertEquals(
        fromStem("direct", "copy", "direct", "direct"),
        steps(network, 3).stream().map(step -> step.equals("im2col") ? "direct" : step).toList());
  }

  @Test
  void theOnePixelOfOneSampleIsItsRow() {
    Network network = network(20, AdaptivePool.average(1), new Flatten(), new Linear(20, 4));
    assertEquals(4, steps(network, 1).size());
    assertEquals(5, steps(network, 2).size());
  }

  @Test
  void layersWithoutAStepOfTheirOwnRunAsTheyStand() {
    Network network = network(8, new GroupNorm(2, 8), Activate.relu(), new Conv2d(8, 3, 1));
    assertEquals(withEnds("GroupNorm", "activation", "direct"), steps(network, 2));
  }

  @Test
  void valuesShareMemory() {
    Layer[] layers = new Layer[12];
    Arrays.setAll(layers, i -> new Conv2d(16, 16, 3).padding(1));
    Network network = network(16, layers);
    try (Session session = Session.compile(network, STRICT, 1, 16, 9, 7)) {
      assertEquals(3L * 16 * 9 * 7 * Float.BYTES, session.valueBytes());
    }
  }

  @Test
  void concurrentCallersGetTheSameBitsAsOneAlone() {
    Network network = network(3, convNorm(3, 20, Activate.relu()), new Residual(convNorm(20, 20)));
    try (Session session = Session.compile(network, STRICT.withThreads(2), 2, 3, 9, 7)) {
      List<float[]> inputs = IntStream.range(0, 8).mapToObj(i -> random(378, i)).toList();
      List<float[]> alone = inputs.stream().map(session::run).toList();
      List<CompletableFuture<float[]>> together =
          inputs.stream()
              .map(input -> CompletableFuture.supplyAsync(() -> session.run(input)))
              .toList();
      for (int i = 0; i < inputs.size(); i++) {
        assertArrayEquals(alone.get(i), together.get(i).join());
      }
    }
  }

  @Test
  void sessionsOfOtherInputsShareFilters() {
    Network network = network(3, convNorm(3, 20, Activate.relu()), convNorm(20, 20));
    try (Session session = Session.compile(network, STRICT, 1, 3, 9, 7)) {
      long bytes = session.filterBytes();
      Session larger = session.forInput(4, 3, 9, 7);
      assertEquals(bytes, larger.filterBytes());
      float[] input = random(4 * 189, 1);
      float[] one = session.run(Arrays.copyOfRange(input, 189, 378));
      float[] all = larger.run(input);
      assertArrayEquals(one, Arrays.copyOfRange(all, one.length, 2 * one.length));
    }
  }

  @Test
  void wrongLengthsAndShapesAreRefused() {
    Network network = network(3, new Conv2d(3, 4, 3));
    try (Session session = Session.compile(network, STRICT, 1, 3, 9, 7)) {
      assertThrows(IllegalArgumentException.class, () -> session.run(new float[188]));
      assertThrows(IllegalArgumentException.class, () -> session.run(new float[189], new float[1]));
    }
    assertThrows(
        IllegalArgumentException.class, () -> Session.compile(network, STRICT, 0, 3, 9, 7));
    assertThrows(
        IllegalArgumentException.class, () -> Session.compile(network, STRICT, 1, 4, 9, 7));
  }

  @Test
  void layersWithoutAKernelOfTheirOwnRunAsTheyStand() {
    Network network =
        network(
            3,
            new PRelu(3),
            new PoolAndUnpool(Pool.max(2), Sequential.of(new Conv2d(3, 3, 3).padding(1))),
            new FrequencyPool(4, 5),
            PyramidPooling.max(1, 2));
    List<String> steps = steps(network, 2);
    assertTrue(
        steps.containsAll(List.of("PRelu", "PoolAndUnpool", "FrequencyPool", "PyramidPooling")),
        steps::toString);
    assertEquals(2 * 3 * 3 * 9 * 12, network.body().children().get("1").multiplyAdds(2, 3, 9, 7));
  }
}
