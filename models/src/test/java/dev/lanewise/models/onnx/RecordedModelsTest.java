package dev.lanewise.models.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.session.Session;
import dev.lanewise.nn.session.SessionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published models and the outputs that were recorded with them. */
class RecordedModelsTest {

  private static final Path MODELS =
      Path.of(System.getProperty("lanewise.shared", "../../shared"), "models");

  @ParameterizedTest
  @CsvSource({"mnist_8, 3", "super_resolution_10, 1"})
  void importedModelsGiveTheOutputsRecorded(String name, int sets) throws IOException {
    Path folder = MODELS.resolve(name);
    assumeTrue(Files.isDirectory(folder), "no models at " + MODELS);
    OnnxModel model = OnnxImport.read(folder.resolve("model.onnx"));
    for (int i = 0; i < sets; i++) {
      Path set = folder.resolve("test_data_set_" + i);
      OnnxTensor input = OnnxTensorFile.read(set.resolve("input_0.pb"));
      OnnxTensor expected = OnnxTensorFile.read(set.resolve("output_0.pb"));
      assertAgrees(expected, unfused(model, input));
      SessionOptions options = SessionOptions.defaults().withAccuracy(Accuracy.STRICT);
      try (Session session = Session.compile(model::graph, options, input.dims())) {
        assertArrayEquals(expected.dims(), session.outputShape());
        assertAgrees(expected, session.run(input.floats()));
      }
    }
  }

  private static float[] unfused(OnnxModel model, OnnxTensor input) {
    Context context = Context.inference(Workers.shared()).accuracy(Accuracy.STRICT);
    Tensor given = Tensor.of(input.floats(), input.dims());
    return model.graph(input.dims()).forward(List.of(given), context).getFirst().values();
  }

  /** By the bounds of ONNX's own test runner, but for zeros: those of sums of thousands. */
  private static void assertAgrees(OnnxTensor expected, float... actual) {
    assertEquals(expected.size(), actual.length);
    double greatest = 0;
    for (double value : expected.reals()) {
      greatest = Math.max(greatest, Math.abs(value));
    }
    for (int i = 0; i < actual.length; i++) {
      double wanted = expected.real(i);
      assertEquals(wanted, actual[i], 1e-3 * Math.abs(wanted) + 1e-5 * greatest, "element " + i);
    }
  }
}
