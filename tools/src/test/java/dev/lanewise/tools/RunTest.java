package dev.lanewise.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.models.onnx.OnnxExport;
import dev.lanewise.models.onnx.OnnxTensorFile;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Sequential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTest extends CommandTest {

  @TempDir private Path folder;

  private Path model;
  private Path input;

  /** Four numbers become twice their sum and minus their sum, of which the latter is cut off. */
  @BeforeEach
  void write() throws IOException {
    Network network =
        new Network(
            "sums",
            new int[] {1, 2, 2},
            new Sequential()
                .add("flatten", new Flatten())
                .add("fc", new Linear(4, 2))
                .add("relu", Activate.relu()));
    network.load(
        Map.of(
            "fc.weight", Tensor.of(new float[] {2, 2, 2, 2, -1, -1, -1, -1}, 2, 4),
            "fc.bias", Tensor.zeros(2)));
    model = folder.resolve("sums.onnx");
    OnnxExport.write(network, model, 1, 1, 2, 2);
    input = tensor("x.pb", new float[] {1, 2, 3, 4}, 1, 1, 2, 2);
  }

  private Path tensor(String name, float[] values, int... dims) throws IOException {
    Path file = folder.resolve(name);
    OnnxTensorFile.write(OnnxTensor.ofFloats(values, dims), name, file);
    return file;
  }

  private int lanewise(Object... options) {
    String[] arguments = new String[options.length + 2];
    arguments[0] = "run";
    arguments[1] = model.toString();
    for (int i = 0; i < options.length; i++) {
      arguments[i + 2] = options[i].toString();
    }
    return run(arguments);
  }

  @Test
  void outputsArePrintedAndWritten() throws IOException {
    Path output = folder.resolve("y.pb");
    assertEquals(0, lanewise("--input", input, "--output", output, "--threads", "2"), this::err);
    assertTrue(out().contains("compiled into a session"), this::out);
    assertTrue(out().contains("float[1, 2]"), this::out);
    assertTrue(out().contains("top: 0 (20.0000), 1 (0.00000)"), this::out);
    OnnxTensor written = OnnxTensorFile.read(output);
    assertArrayEquals(new int[] {1, 2}, written.dims());
    assertArrayEquals(new float[] {20, 0}, written.floats());
  }

  @Test
  void statusTellsWhetherOutputsAreAsExpected() throws IOException {
    Path right = tensor("right.pb", new float[] {20.01f, 0}, 1, 2);
    assertEquals(0, lanewise("--input", input, "--expect", right), this::err);
    assertTrue(out().contains("as expected"), this::out);
    assertEquals(1, lanewise("--input", input, "--expect", right, "--rtol", "1e-5"));
    assertTrue(out().contains("NOT as expected: element 0: expected 20.01, is 20.0"), this::out);
    assertEquals(0, lanewise("--input", input, "--expect", right, "--rtol=0", "--atol=0.02"));
    Path other = tensor("other.pb", new float[] {20, 0}, 2);
    assertEquals(1, lanewise("--input", input, "--expect", other));
    assertTrue(out().contains("expected float[2], is float[1, 2]"), this::out);
  }

  @Test
  void inputsAreAskedForByName() throws IOException {
    assertEquals(2, lanewise());
    assertTrue(err().contains("=FILE is missing; the model's inputs are: "), this::err);
    assertTrue(err().contains("float[1, 1, 2, 2]"), this::err);
    assertEquals(2, lanewise("--input", input, "--input", input));
    assertTrue(err().contains("is one too many"), this::err);
    assertEquals(2, lanewise("--input", input, "--output", "a.pb", "--output", "b.pb"));
    assertTrue(err().contains("2 files of --output, but the model has 1 outputs"), this::err);
    assertEquals(2, lanewise("--input", input, "--rtol", "-1"));
    assertTrue(err().contains("must not be negative"), this::err);
  }

  @Test
  void filesThatDoNotFitAreNamed() throws IOException {
    Path large = tensor("large.pb", new float[9], 1, 1, 3, 3);
    assertEquals(1, lanewise("--input", large));
    assertTrue(err().contains("is of shape [1, 1, 2, 2], not [1, 1, 3, 3]"), this::err);
    Files.write(large, new byte[] {1, 2, 3});
    assertEquals(1, lanewise("--input", large));
    assertTrue(err().contains("large.pb is not an ONNX tensor"), this::err);
    Files.delete(model);
    assertEquals(1, lanewise("--input", input));
    assertTrue(err().contains("no such file: ") && err().contains("sums.onnx"), this::err);
  }
}
