package dev.lanewise.nn.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The survey's exercise: an input of 128 x 128 x 3 through two convolutions and two dense layers.
 */
class LayerInfoTest {

  private static Sequential head(boolean pool) {
    Sequential layers = new Sequential().add("conv1", new Conv2d(3, 32, 5).padding(2));
    return pool ? layers.add("pool1", Pool.max(2)) : layers;
  }

  private static Map<String, LayerInfo> infos(Sequential layers) {
    Network network = new Network("exercise", new int[] {3, 128, 128}, layers);
    return LayerInfo.of(network, network.batchShape(1)).stream()
        .collect(Collectors.toMap(LayerInfo::name, Function.identity()));
  }

  @Test
  void surveyExercise() {
    Sequential layers =
        head(true)
            .add("conv2", new Conv2d(32, 64, 3))
            .add("pool2", Pool.max(2))
            .add("flatten", new Flatten())
            .add("dense1", new Linear(61_504, 128))
            .add("dense2", new Linear(128, 4));
    Map<String, LayerInfo> infos = infos(layers);
    assertEquals(2_432, infos.get("conv1").parameters());
    assertEquals(18_496, infos.get("conv2").parameters());
    assertEquals(7_872_640, infos.get("dense1").parameters());
    assertEquals(516, infos.get("dense2").parameters());
    assertEquals(7_894_084, infos.values().stream().mapToLong(LayerInfo::parameters).sum());
    assertEquals(List.of(1, 61_504), infos.get("flatten").outputShape());
    assertEquals(List.of(10, 10), infos.get("conv2").receptiveField());
    assertEquals(List.of(128, 128), infos.get("dense1").receptiveField());
    assertEquals(128L * 128 * 32 * 75, infos.get("conv1").multiplyAdds());
    assertEquals(128L * 128 * 32 * 4, infos.get("conv1").activationBytes());
  }

  @Test
  void receptiveFieldWithoutTheFirstPool() {
    Map<String, LayerInfo> infos = infos(head(false).add("conv2", new Conv2d(32, 64, 3)));
    assertEquals(List.of(7, 7), infos.get("conv2").receptiveField());
  }

  @Test
  void validConvolutionsLosePixelsAtTheBorders() {
    Sequential four = new Sequential();
    for (int i = 0; i < 4; i++) {
      four.add("conv" + i, new Conv2d(3, 3, 3));
    }
    Network network = new Network("valid", new int[] {3, 28, 28}, four);
    List<LayerInfo> infos = LayerInfo.of(network, 1, 3, 28, 28);
    assertEquals(28 * 28 - 20 * 20, infos.stream().mapToLong(LayerInfo::lostPixels).sum());
    assertEquals(0, infos(head(true)).get("conv1").lostPixels());
    assertEquals(0, infos(head(true)).get("pool1").lostPixels());
  }
}
