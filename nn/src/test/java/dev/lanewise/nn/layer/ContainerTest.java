package dev.lanewise.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ContainerTest {

  private static Tensor random(int... shape) {
    Tensor tensor = Tensor.zeros(shape);
    Random random = new Random(5);
    for (int i = 0; i < tensor.data().length; i++) {
      tensor.data()[i] = (float) random.nextGaussian();
    }
    return tensor;
  }

  private static Context use() {
    return Context.inference(Workers.shared());
  }

  private static Network network(String name, Layer layer, int... input) {
    return new Network("small", input, new Sequential().add(name, layer)).initialize(7);
  }

  private static Residual residual() {
    return new Residual(
            new Sequential()
                .add("conv1", new Conv2d(3, 5, 3).padding(1).bias(false))
                .add("bn1", new BatchNorm(5))
                .add("relu", Activate.relu())
                .add("conv2", new Conv2d(5, 5, 3).padding(1).bias(false))
                .add("bn2", new BatchNorm(5)),
            Activation.RELU)
        .shortcut("downsample", Sequential.of(new Conv2d(3, 5, 1).bias(false), new BatchNorm(5)));
  }

  /** A network whose norms have seen a batch, so that none is the identity. */
  private static Network trained() {
    Network network = network("block", residual(), 3, 6, 6);
    network.forward(random(4, 3, 6, 6), Context.training(Workers.shared()));
    return network;
  }

  @Test
  void aBodyStandsUnderTheNamesOfItsLayers() {
    Network network = trained();
    assertEquals(
        List.of(
            "block.conv1.weight",
            "block.bn1.weight",
            "block.bn1.bias",
            "block.conv2.weight",
            "block.bn2.weight",
            "block.bn2.bias",
            "block.downsample.0.weight",
            "block.downsample.1.weight",
            "block.downsample.1.bias"),
        List.copyOf(network.parameters().keySet()));
    assertEquals(
        List.of("block.bn1.running_mean", "block.bn1.running_var"),
        List.copyOf(network.buffers().keySet()).subList(0, 2));
  }

  @Test
  void aResidualBlockIsTheActivatedSumOfBodyAndShortcut() {
    Network network = trained();
    Map<String, Tensor> outputs = new TreeMap<>();
    Context observed = use();
    Map<String, Layer> leaves = network.leaves();
    observed.observe(
        (layer, output) ->
            leaves.forEach(
                (name, leaf) -> {
                  if (leaf.equals(layer)) {
                    outputs.put(name, output);
                  }
                }));
    Tensor input = random(2, 3, 6, 6);
    float[] result = network.forward(input, observed).values();
    float[] body = outputs.get("block.bn2").values();
    float[] shortcut = outputs.get("block.downsample.1").values();
    for (int i = 0; i < result.length; i++) {
      assertEquals(Math.max(0, body[i] + shortcut[i]), result[i]);
    }
    assertArrayEquals(result, network.forward(input, use()).values(), 1e-6f);
    assertEquals(7, outputs.size());
  }

  @Test
  void branchesStandSideBySideInTheChannels() {
    Branches branches =
        new Branches()
            .add("id", new Sequential())
            .add("relu", Activate.relu())
            .add("max", Pool.max(1));
    Tensor input = random(2, 3, 4, 5);
    Tensor output = branches.forward(input, use());
    assertArrayEquals(new int[] {2, 9, 4, 5}, output.shape());
    assertArrayEquals(branches.outputShape(2, 3, 4, 5), output.shape());
    float[] in = input.values();
    float[] out = output.values();
    for (int i = 0; i < 60; i++) {
      assertEquals(in[60 + i], out[180 + i]);
      assertEquals(Math.max(0, in[60 + i]), out[240 + i]);
      assertEquals(in[60 + i], out[300 + i]);
    }
  }

  @Test
  void branchesWithoutNamesShareAStem() {
    Sequential stem = new Sequential().add("stem", Activate.relu());
    Branches inner = new Branches(stem).add("one", new Sequential()).add("two", Pool.max(1));
    Branches branches =
        new Branches()
            .add("id", new Sequential())
            .join(inner)
            .join(new Sequential().add("three", new Conv2d(3, 2, 1)));
    assertEquals(
        List.of("id", "stem", "one", "two", "three"), List.copyOf(branches.children().keySet()));
    assertEquals(
        List.of("three.weight", "three.bias"), List.copyOf(branches.parameters().keySet()));
    Tensor input = random(1, 3, 4, 4);
    Tensor output = branches.forward(input, use());
    assertArrayEquals(new int[] {1, 11, 4, 4}, output.shape());
    assertArrayEquals(branches.outputShape(1, 3, 4, 4), output.shape());
    float[] in = input.values();
    float[] out = output.values();
    for (int i = 0; i < 48; i++) {
      assertEquals(in[i], out[i]);
      assertEquals(Math.max(0, in[i]), out[48 + i]);
      assertEquals(Math.max(0, in[i]), out[96 + i]);
    }
  }

  @Test
  void aDenseBlockKeepsItsInputAndAllOutputs() {
    DenseBlock block =
        new DenseBlock().add("a", new Conv2d(3, 2, 1)).add("b", new Conv2d(5, 4, 3).padding(1));
    Tensor input = random(1, 3, 4, 4);
    Tensor output = block.forward(input, use());
    assertArrayEquals(new int[] {1, 9, 4, 4}, output.shape());
    assertArrayEquals(block.outputShape(1, 3, 4, 4), output.shape());
    for (int i = 0; i < 48; i++) {
      assertEquals(input.values()[i], output.values()[i]);
    }
  }

  @Test
  void squeezeAndExcitationScalesEachChannel() {
    SqueezeExcitation block = new SqueezeExcitation(3, 2, Activation.RELU, Activation.SIGMOID);
    Tensor input = random(2, 3, 4, 4);
    float[] half = block.forward(input, use()).values();
    for (int i = 0; i < half.length; i++) {
      assertEquals(input.values()[i] / 2, half[i], 1e-6f);
    }
    assertEquals(
        List.of("avgpool", "fc1", "activation", "fc2", "scale_activation"),
        List.copyOf(block.children().keySet()));
  }

  @Test
  void headsAreFedOnlyInTraining() {
    Sequential body =
        new Sequential()
            .add("conv", new Conv2d(1, 2, 3))
            .addHead("aux", "conv", Sequential.of(new Flatten(), new Linear(8, 3)))
            .add("flatten", new Flatten())
            .add("fc", new Linear(8, 5));
    Network network = new Network("headed", new int[] {1, 4, 4}, body).initialize(1);
    Tensor input = random(2, 1, 4, 4);
    assertEquals(1, network.outputs(input, use()).size());
    Context training = Context.training(Workers.shared());
    List<Tensor> outputs = network.outputs(input, training);
    assertArrayEquals(new int[] {2, 5}, outputs.get(0).shape());
    assertArrayEquals(new int[] {2, 3}, outputs.get(1).shape());
    training.recycle();
    assertEquals(2, network.outputs(input, training).size());
    assertEquals(
        "head x needs a layer y, which no activation follows; there are [conv, aux, flatten, fc]",
        assertThrows(IllegalArgumentException.class, () -> body.addHead("x", "y", new Flatten()))
            .getMessage());
  }

  @Test
  void refusalsNameTheFullPath() {
    Network network =
        new Network(
            "deep",
            new int[] {4, 6, 6},
            new Sequential().add("stage", new Sequential().add("0", residual())));
    String refusal =
        "layer stage.0.downsample.0: convolution 1x1 3 > 5 needs an input [n, 3, h, w], got"
            + " [2, 4, 6, 6]";
    assertEquals(
        refusal,
        assertThrows(
                IllegalArgumentException.class,
                () -> network.forward(Tensor.zeros(2, 4, 6, 6), use()))
            .getMessage());
    String traced =
        assertThrows(IllegalArgumentException.class, () -> network.body().outputShape(2, 4, 6, 6))
            .getMessage();
    assertTrue(traced.startsWith("layer stage.0.conv1: convolution 3x3 3 > 5"), traced);
  }

  @Test
  void summariesFollowBranchesAndTheirReceptiveFields() {
    List<LayerInfo> infos = LayerInfo.of(trained(), 1, 3, 6, 6);
    List<String> names = new ArrayList<>();
    infos.forEach(info -> names.add(info.name()));
    assertEquals(
        List.of(
            "block.conv1",
            "block.bn1",
            "block.relu",
            "block.conv2",
            "block.bn2",
            "block.downsample.0",
            "block.downsample.1"),
        names);
    assertEquals(List.of(5, 5), infos.get(4).receptiveField());
    assertEquals(List.of(1, 1), infos.get(5).receptiveField());
    Flow flow = residual().trace(Flow.of(1, 3, 6, 6), Trace.silent());
    assertArrayEquals(new int[] {5, 5}, flow.receptiveField());
  }
}
