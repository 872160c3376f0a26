package dev.lanewise.models.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.models.Models;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.BatchNorm;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Sequential;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DarknetWeightsTest {

  /** What darknet's parser.c reads for the layers of {@link #network()}, in its order. */
  private static final String[] ORDER = {
    "bn1.bias",
    "bn1.weight",
    "bn1.running_mean",
    "bn1.running_var",
    "conv1.weight",
    "conv2.bias",
    "conv2.weight",
    "bn3.bias",
    "fc1.weight",
    "bn3.weight",
    "bn3.running_mean",
    "bn3.running_var",
    "fc2.bias",
    "fc2.weight"
  };

  @TempDir Path folder;

  private static Network network() {
    return new Network(
        "small",
        new int[] {2, 3, 3},
        new Sequential()
            .add("conv1", new Conv2d(2, 4, 3).padding(1))
            .add("bn1", new BatchNorm(4))
            .add("conv2", new Conv2d(4, 2, 3).groups(2))
            .add("flatten", new Flatten())
            .add("fc1", new Linear(2, 3))
            .add("bn3", new BatchNorm(3))
            .add("fc2", new Linear(3, 2)));
  }

  /** A file of a version whose floats count up from 1, and what each tensor of them holds. */
  private Path file(int major, int minor, int floats) throws IOException {
    boolean wide = major * 10 + minor >= 2 && major < 1000 && minor < 1000;
    ByteBuffer bytes =
        ByteBuffer.allocate(12 + (wide ? 8 : 4) + floats * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(major).putInt(minor).putInt(0);
    if (wide) {
      bytes.putLong(32_013_312L);
    } else {
      bytes.putInt(32_013_312);
    }
    for (int i = 1; i <= floats; i++) {
      bytes.putFloat(i);
    }
    return Files.write(folder.resolve("x.weights"), bytes.array());
  }

  private static int floats(Network network) {
    return network.state().values().stream().mapToInt(Tensor::size).sum() - 4 - 3;
  }

  @ParameterizedTest
  @CsvSource({"0, 1, false", "0, 2, false", "0, 1001, true", "1001, 0, true", "1, 0, false"})
  void layersTakeTheirFloatsInDarknetsOrder(int major, int minor, boolean transposed)
      throws IOException {
    Network network = network();
    int floats = floats(network);
    Map<String, Tensor> state = Weights.read(file(major, minor, floats)).load(network).state();
    float next = 1;
    for (String name : ORDER) {
      float[] values = state.get(name).values();
      boolean matrix = name.matches("fc..weight");
      int rows = state.get(name).dim(0);
      for (int i = 0; i < values.length; i++) {
        int at = transposed && matrix ? i % rows * (values.length / rows) + i / rows : i;
        assertEquals(next++, values[at], name);
      }
    }
    assertEquals(floats, next - 1);
    assertArrayEquals(new float[4], state.get("conv1.bias").values());
    assertArrayEquals(new float[3], state.get("fc1.bias").values());
  }

  @ParameterizedTest
  @CsvSource({"-1", "1"})
  void aFileThatIsNotUsedUpExactlyIsRefused(int more) throws IOException {
    int floats = floats(network());
    Path file = file(0, 2, floats + more);
    IOException refusal = assertThrows(IOException.class, () -> Weights.read(file).load(network()));
    assertEquals(
        "%s: holds %d floats; the layers of small take %d".formatted(file, floats + more, floats),
        refusal.getMessage());
  }

  @Test
  void aHeaderThatIsNoneIsRefused() throws IOException {
    Path cut = Files.write(folder.resolve("cut.weights"), new byte[15]);
    assertTrue(
        assertThrows(IOException.class, () -> Weights.read(cut))
            .getMessage()
            .endsWith("a header of 16 bytes and floats of 4; this has 15 bytes"));
    Path negative =
        Files.write(
            folder.resolve("n.weights"),
            new byte[] {-1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    assertTrue(
        assertThrows(IOException.class, () -> Weights.read(negative))
            .getMessage()
            .contains("its version is -1.0"));
  }

  @ParameterizedTest
  @CsvSource({
    "lenet5_1998, 's2, a Subsampling, is no convolution with or without norm'",
    "densenet121, 'features.denseblock1.denselayer1.norm1, a BatchNorm, is no convolution'"
  })
  void aNetworkThatDarknetCannotHaveIsRefused(String name, String rule) throws IOException {
    Weights weights = Weights.read(file(0, 2, 8));
    IOException refusal = assertThrows(IOException.class, () -> weights.load(Models.create(name)));
    assertTrue(refusal.getMessage().contains(rule), refusal::getMessage);
  }

  @Test
  void aRegisteredNetworkTakesAllItsStateButTheBiasesBeforeNorms() throws IOException {
    Network network = Models.create("resnet20");
    int floats = network.state().values().stream().mapToInt(Tensor::size).sum();
    Map<String, Tensor> values = Weights.read(file(0, 2, floats)).of(network);
    assertEquals(network.state().keySet(), new TreeMap<>(values).keySet());
  }
}
