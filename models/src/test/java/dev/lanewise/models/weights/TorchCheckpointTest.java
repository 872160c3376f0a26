package dev.lanewise.models.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.models.weights.Fixtures.Described;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.BatchNorm;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Sequential;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Checkpoints that PyTorch wrote (checkpoints.py beside them), read without it. */
class TorchCheckpointTest {

  private static final List<Described> DESCRIBED = Fixtures.described();

  @TempDir Path folder;

  static Stream<String> checkpoints() {
    return DESCRIBED.stream().map(Described::file).distinct();
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void everyTensorHasTheNameShapeAndValuesThatPyTorchGaveIt(String file) throws IOException {
    List<Described> expected = DESCRIBED.stream().filter(d -> d.file().equals(file)).toList();
    List<Described> read = new ArrayList<>();
    Weights.read(Fixtures.path(file))
        .named()
        .forEach(
            (name, tensor) -> {
              List<Float> values = new ArrayList<>();
              for (float value : tensor.values()) {
                values.add(value);
              }
              List<Integer> shape = Arrays.stream(tensor.shape()).boxed().toList();
              read.add(new Described(file, name, shape, values));
            });
    assertEquals(expected, read);
  }

  /** The network of checkpoints.py. */
  private static Network network() {
    return new Network(
        "small",
        new int[] {2, 4, 4},
        new Sequential()
            .add("conv1", new Conv2d(2, 3, 3).padding(1).bias(false))
            .add("bn1", new BatchNorm(3))
            .add("relu", Activate.relu())
            .add("flatten", new Flatten())
            .add("fc", new Linear(48, 4)));
  }

  @ParameterizedTest
  @CsvSource({"network.pth", "network_legacy.pth"})
  void aNetworkWithTheWeightsComputesWhatPyTorchComputed(String name) throws IOException {
    Network network = Weights.read(Fixtures.path(name)).load(network());
    Map<String, Tensor> output = Weights.read(Fixtures.path("output.pth")).named();
    float[] scores =
        network.forward(output.get("input"), Context.inference(Workers.shared())).values();
    assertArrayEquals(output.get("output").values(), scores, 1e-6f);
  }

  @Test
  void allThatDoesNotFitIsNamedTogether() throws IOException {
    Network other =
        new Network(
            "other",
            new int[] {2, 4, 4},
            new Sequential()
                .add("conv1", new Conv2d(2, 3, 1).bias(false))
                .add("bn2", new BatchNorm(3))
                .add("flatten", new Flatten())
                .add("fc", new Linear(48, 5)));
    Path file = Fixtures.path("checkpoint.pth");
    Weights weights = Weights.read(file);
    String message =
        assertThrows(IllegalArgumentException.class, () -> weights.load(other)).getMessage();
    assertEquals(
        file
            + ": the weights do not fit other: missing bn2.weight, bn2.bias, bn2.running_mean,"
            + " bn2.running_var; unexpected bn1.bias, bn1.running_mean, bn1.running_var,"
            + " bn1.weight; conv1.weight has shape [3, 2, 1, 1], not [3, 2, 3, 3]; fc.weight has"
            + " shape [5, 48], not [4, 48]; fc.bias has shape [5], not [4]",
        message);
  }

  @ParameterizedTest
  @CsvSource({
    "hostile.pth, 'posix.system'",
    "hostile_legacy.pth, 'posix.system'",
    "whole_model.pth, 'torch.nn.modules.container.Sequential'",
    "whole_model_legacy.pth, 'torch.nn.modules.linear.Linear'"
  })
  void whatIsNotNeededForTensorsIsRefusedByName(String name, String what) {
    Path file = Fixtures.path(name);
    IOException refusal = assertThrows(IOException.class, () -> Weights.read(file));
    assertTrue(refusal.getMessage().startsWith(file + ": the pickle, at byte "));
    assertTrue(refusal.getMessage().contains(what), refusal::getMessage);
  }

  /** One value, seen as 900 million. */
  @ParameterizedTest
  @CsvSource({"huge.pth", "huge_legacy.pth"})
  void aTensorOfManyTimesTheFilesSizeIsRefused(String name) {
    Path file = Fixtures.path(name);
    IOException refusal = assertThrows(IOException.class, () -> Weights.read(file));
    String rule = file + ": its tensors have 900,000,000 elements, more than 16 times what a file";
    assertTrue(refusal.getMessage().startsWith(rule), refusal::getMessage);
  }

  @Test
  void aFlippedBitInTheValuesIsSeen() throws IOException {
    byte[] bytes = Files.readAllBytes(Fixtures.path("network.pth"));
    int values = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("/data/6");
    bytes[values + 200] ^= 1;
    Path file = Files.write(folder.resolve("flipped.pth"), bytes);
    IOException refusal = assertThrows(IOException.class, () -> Weights.read(file));
    assertTrue(refusal.getMessage().startsWith(file + ": entry data/6 is damaged"));
  }

  @Test
  void otherFilesOfTheNameAreRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("text.pth"), "weights");
    IOException refusal = assertThrows(IOException.class, () -> Weights.read(file));
    assertEquals(
        file + ": a PyTorch checkpoint begins as a zip archive or a pickle, this does neither",
        refusal.getMessage());
  }
}
