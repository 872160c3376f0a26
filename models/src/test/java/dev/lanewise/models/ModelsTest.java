package dev.lanewise.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.data.MnistData;
import dev.lanewise.nn.layer.LayerInfo;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.metrics.ConfusionMatrix;
import dev.lanewise.nn.metrics.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelsTest {

  @Test
  void lenet5HasItsParametersAndShapes() {
    Network network = Models.create("lenet5");
    assertEquals(61_706, network.parameterCount());
    assertEquals(
        List.of(
            "conv1.weight",
            "conv1.bias",
            "conv2.weight",
            "conv2.bias",
            "conv3.weight",
            "conv3.bias",
            "fc1.weight",
            "fc1.bias",
            "fc2.weight",
            "fc2.bias"),
        List.copyOf(network.parameters().keySet()));
    assertArrayEquals(new int[] {5, 10}, network.body().outputShape(5, 1, 32, 32));
    List<LayerInfo> layers = LayerInfo.of(network, network.batchShape(1));
    LayerInfo conv3 = layers.get(6);
    assertEquals("conv3", conv3.name());
    assertEquals(List.of(1, 120, 1, 1), conv3.outputShape());
    assertEquals(List.of(32, 32), conv3.receptiveField());
    assertEquals(416_520, layers.stream().mapToLong(LayerInfo::multiplyAdds).sum());
  }

  @Test
  void unknownNamesListTheKnownOnes() {
    assertEquals(
        "unknown model 'lenet6'; known: lenet5",
        assertThrows(IllegalArgumentException.class, () -> Models.create("lenet6")).getMessage());
  }

  @Test
  void pretrainedLenet5ReadsTheTestSet() throws IOException {
    Path mnist = Path.of(System.getProperty("lanewise.shared", "../../shared"), "data/mnist");
    assumeTrue(Files.isDirectory(mnist), () -> mnist + " is absent");
    MnistData test = MnistData.load(mnist, MnistData.Split.TEST);
    Evaluation result = Evaluation.of(Models.pretrained("lenet5"), test, Workers.shared());
    assertTrue(result.confusion().accuracy() >= 0.99, result::toString);
    String accuracy = ConfusionMatrix.percent(result.confusion().accuracy());
    assertTrue(Models.about("lenet5").contains("accuracy  " + accuracy), accuracy);
  }
}
