package dev.lanewise.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.models.Models;
import dev.lanewise.models.onnx.OnnxExport;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.GroupNorm;
import dev.lanewise.nn.layer.Initializer;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Sequential;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ONNX Runtime computes from an exported model what the network computes. */
class OnnxExportTest {

  private static final double RELATIVE = 1e-3;

  @TempDir private Path folder;

  /**
   * One of each family, two images, as small as the family allows; but those whose dense layers
   * alone would take a second each, which are made of nothing that the others lack.
   */
  @ParameterizedTest
  @CsvSource({
    "lenet5, 32",
    "lenet5_1998, 32",
    "sample_cnn, 32",
    "googlenet_2014, 64",
    "inception_v3, 75",
    "resnet18, 64",
    "resnext50_32x4d, 64",
    "resnet20, 32",
    "densenet121, 64",
    "squeezenet1_1, 64",
    "mobilenet_v1, 64",
    "mobilenet_v2, 64",
    "mobilenet_v3_small, 64",
    "efficientnet_b0, 64",
  })
  void onnxRuntimeAgrees(String name, int size) throws OrtException {
    Network network =
        Models.create(name, Models.options(name).size(size, size))
            .initialize(7, new Initializer.FanInUniform());
    int[] shape = network.batchShape(2);
    Tensor images = Tensor.zeros(shape);
    Random random = new Random(11);
    for (int i = 0; i < images.size(); i++) {
      images.data()[i] = random.nextFloat(-1, 1);
    }
    float[] ours = network.forward(images, Context.inference(Workers.shared())).values();
    float[] theirs = onnxRuntime(OnnxExport.bytes(network, shape), images);
    assertEquals(ours.length, theirs.length);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < ours.length; i++) {
      largest = Math.max(largest, Math.abs(theirs[i]));
      difference = Math.max(difference, Math.abs(ours[i] - theirs[i]));
    }
    assertTrue(difference <= RELATIVE * largest, difference + " of " + largest);
    assertTrue(largest > 0, "an output of nothing but zeros tells nothing");
  }

  private static float[] onnxRuntime(byte[] model, Tensor images) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = Arrays.stream(images.shape()).asLongStream().toArray();
    try (OrtSession session = environment.createSession(model);
        OnnxTensor input =
            OnnxTensor.createTensor(environment, FloatBuffer.wrap(images.values()), shape);
        OrtSession.Result result = session.run(Map.of("input", input))) {
      FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] copy = new float[values.remaining()];
      values.get(copy);
      return copy;
    }
  }

  @Test
  void aFileHoldsTheBytes() throws IOException {
    Network network = Models.create("lenet5").initialize(1);
    Path file = folder.resolve("lenet5.onnx");
    OnnxExport.write(network, file, 1, 1, 32, 32);
    assertArrayEquals(OnnxExport.bytes(network, 1, 1, 32, 32), Files.readAllBytes(file));
  }

  @Test
  void aLayerWithoutCounterpartIsNamed() {
    Network network =
        new Network(
            "small", new int[] {4, 2, 2}, new Sequential().add("norm", new GroupNorm(2, 4)));
    String message =
        assertThrows(IllegalArgumentException.class, () -> OnnxExport.bytes(network, 1, 4, 2, 2))
            .getMessage();
    assertEquals("layer norm: GroupNorm has no counterpart in ONNX", message);
  }
}
