package dev.lanewise.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class NetworkTest {

  private static Network network() {
    Sequential block =
        new Sequential().add("conv", new Conv2d(1, 2, 3)).add("relu", Activate.relu());
    Sequential body =
        new Sequential()
            .add("block", block)
            .add("flatten", new Flatten())
            .add("fc", new Linear(8, 3));
    return new Network("small", new int[] {1, 4, 4}, body);
  }

  private static String refusal(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }

  @Test
  void parametersHaveStateDictNamesInOrder() {
    assertEquals(
        List.of("block.conv.weight", "block.conv.bias", "fc.weight", "fc.bias"),
        List.copyOf(network().parameters().keySet()));
    assertEquals(18 + 2 + 24 + 3, network().parameterCount());
    assertEquals(
        List.of("block.conv", "block.relu", "flatten", "fc"),
        List.copyOf(network().leaves().keySet()));
  }

  @Test
  void wrongShapesNameTheLayerAndBothShapes() {
    Context context = Context.inference(Workers.shared());
    assertEquals(
        "layer block.conv: convolution 3x3 1 > 2 needs an input [n, 1, h, w], got [5, 3, 4, 4]",
        refusal(() -> network().forward(Tensor.zeros(5, 3, 4, 4), context)));
    assertEquals(
        "layer fc: dense 8 > 3 needs an input [n, 8], got [5, 18]",
        refusal(() -> network().forward(Tensor.zeros(5, 1, 5, 5), context)));
    assertEquals(
        "layer fc: dense 8 > 3 needs an input [n, 8], got [2, 18]",
        refusal(() -> LayerInfo.of(network(), 2, 1, 5, 5)));
    assertThrows(NullPointerException.class, () -> network().forward(null, context));
  }

  @Test
  void layersAreShownToAnObserverAndContainersAfterTheirParts() {
    Context context = Context.inference(Workers.shared());
    List<Object> seen = new ArrayList<>();
    context.observe((layer, output) -> seen.add(layer));
    Network network = network();
    network.forward(Tensor.zeros(1, 1, 4, 4), context);
    List<Layer> expected = new ArrayList<>(network.leaves().values());
    expected.add(2, network.body().children().get("block"));
    assertEquals(expected, seen);
  }

  @Test
  void seedsDecideTheStartingValues() {
    float[] first = network().initialize(3).parameters().get("fc.weight").values();
    assertArrayEquals(first, network().initialize(3).parameters().get("fc.weight").values());
    float bound = (float) (1 / Math.sqrt(8));
    for (float value : first) {
      assertEquals(0, value, bound);
    }
  }

  @Test
  void loadingChecksNamesAndShapesBeforeItChangesAnything() {
    Network network = network().initialize(1);
    float[] before = network.parameters().get("fc.bias").values();
    Map<String, Tensor> values = new HashMap<>(network().parameters());
    values.put("fc.weight", Tensor.zeros(8, 3));
    values.remove("block.conv.bias");
    values.put("fc.scale", Tensor.zeros(3));
    assertEquals(
        "the weights do not fit small: missing block.conv.bias; unexpected fc.scale;"
            + " fc.weight has shape [3, 8], not [8, 3]",
        refusal(() -> network.load(values)));
    assertArrayEquals(before, network.parameters().get("fc.bias").values());
    values.put("fc.bias", Tensor.zeros(3));
    StateFit fit = network.loadMatching(values);
    assertEquals(List.of("block.conv.weight", "fc.bias"), fit.matching());
    assertArrayEquals(new float[3], network.parameters().get("fc.bias").values());
  }

  @Test
  void namesOfLayersStandOnce() {
    assertEquals(
        "layer name 'a' stands twice",
        refusal(() -> new Sequential().add("a", new Flatten()).add("a", new Flatten())));
  }
}
