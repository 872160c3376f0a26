package dev.lanewise.verify.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.models.Models;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One network of each family has the names and shapes of its golden file, in that order. */
class GoldenStateTest {

  private static final Path FOLDER =
      Path.of(System.getProperty("lanewise.shared", "../../shared"), "fixtures/models");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet18_224x224_n1",
        "resnet50_97x161_n2",
        "resnext50_32x4d_224x224_n1",
        "googlenet_224x224_n1",
        "densenet121_224x224_n1",
        "mobilenet_v2_128x96_n3",
        "efficientnet_b0_224x224_n1",
        "efficientnet_b2_288x288_n1"
      })
  void namesAndShapesAreThoseOfTheGoldenState(String file) throws IOException {
    assumeTrue(Files.isDirectory(FOLDER), "no golden networks at " + FOLDER);
    GoldenFile.Inference golden =
        (GoldenFile.Inference) GoldenFile.read(FOLDER.resolve(file + ".json"));
    Network network = Models.create(golden.model());
    assertEquals(golden.parameters(), network.parameterCount());
    assertEquals(names(golden, false), List.copyOf(network.parameters().keySet()));
    assertEquals(names(golden, true), List.copyOf(network.buffers().keySet()));
    for (Map.Entry<String, Tensor> entry : network.state().entrySet()) {
      assertArrayEquals(golden.state().get(entry.getKey()), entry.getValue().shape());
    }
    for (String leaf : golden.layers().keySet()) {
      assertTrue(network.leaves().containsKey(leaf), leaf);
    }
  }

  private static List<String> names(GoldenFile.Inference golden, boolean running) {
    return golden.state().keySet().stream()
        .filter(name -> name.contains(".running_") == running)
        .toList();
  }
}
